import { expect, test } from "vitest";
import { scriptParts } from "./dump-script.ts";

const script = `SET x = 1;

COPY a.b (c, "d FROM") FROM stdin;
1\t\\\\.
\\\\.\t2
é\t3
\\.


COPY a.empty (c) FROM stdin;
\\.
SELECT pg_catalog.setval('a.s', 5, true);
`;

/** The parts of a script that comes in chunks of so many bytes. */
async function partsOf(text: string, size: number): Promise<string[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length; start += size) {
      yield await Promise.resolve(bytes.subarray(start, start + size));
    }
  }
  const parts: string[] = [];
  for await (const part of scriptParts(chunks())) {
    if (part.kind === "sql") {
      parts.push(part.text.trim());
      continue;
    }
    const rows: Buffer[] = [];
    for await (const chunk of part.rows) rows.push(Buffer.from(chunk));
    parts.push(`${part.statement} ${JSON.stringify(Buffer.concat(rows).toString())}`);
  }
  return parts;
}

test.each([1, 2, 3, 7, 50, 1000])(
  "a script is taken apart where its parts end, in chunks of %i bytes too",
  async (size) => {
    expect(await partsOf(script, size)).toEqual([
      "SET x = 1;",
      'COPY a.b (c, "d FROM") FROM stdin; "1\\t\\\\\\\\.\\n\\\\\\\\.\\t2\\né\\t3\\n"',
      'COPY a.empty (c) FROM stdin; ""',
      "SELECT pg_catalog.setval('a.s', 5, true);",
    ]);
  },
);

test("rows without an end are an error", async () => {
  await expect(partsOf("COPY a (b) FROM stdin;\n1\n2\n", 5)).rejects.toThrow("no end");
});
