import { afterEach, beforeEach, expect, test } from "vitest";
import { createAuthority, issueCertificate } from "../../infra/certificates/authority.ts";
import { startElasticsearchDouble, type ElasticsearchDouble } from "../testing/elasticsearch.ts";
import { elasticsearchClient } from "./elasticsearch-client.ts";
import { elasticsearchIndex } from "./elasticsearch-index.ts";
import { elasticsearchSearch, searchRequest } from "./elasticsearch-search.ts";
import type { SearchDocument } from "./search.ts";

let double: ElasticsearchDouble;
const index = "landfall_content";

beforeEach(async () => {
  double = await startElasticsearchDouble();
});

afterEach(async () => {
  await double.close();
});

const client = (address: { url: string; authority?: string } = double) =>
  elasticsearchClient({
    index,
    username: "landfall",
    password: "a password",
    url: address.url,
    ...authorityOf(address),
  });
const authorityOf = ({ authority }: { authority?: string }) => (authority === undefined ? {} : { authority });
const course: SearchDocument = {
  kind: "course",
  id: 7,
  courseId: 7,
  sourceSystem: "learnmore",
  title: "Engines",
  body: "Steam.",
};
const reader = { courses: [7, 8], governs: undefined };

test("the password goes along, over TLS whose certificate is verified", async () => {
  const authority = await createAuthority({ commonName: "Test", validityDays: 1 });
  const request = { commonName: "search", dnsNames: [], ipAddresses: ["127.0.0.1"], validityDays: 1 };
  const { certificate, privateKey } = await issueCertificate(authority, request);
  const secured = await startElasticsearchDouble({ cert: certificate, key: privateKey });
  try {
    const known = client({ url: secured.url, authority: authority.certificate });
    expect(await known.ping()).toBe(true);
    expect(secured.requests[0]?.authorization).toBe(`Basic ${Buffer.from("landfall:a password").toString("base64")}`);
    const stranger = await createAuthority({ commonName: "Stranger", validityDays: 1 });
    await expect(client({ url: secured.url, authority: stranger.certificate }).ping()).rejects.toThrow(
      /unable to verify|self-signed|signature failure/,
    );
  } finally {
    await secured.close();
  }
});

test("the index is made once, made anew where it is of an older shape, and left to a later release", async () => {
  const own = elasticsearchIndex(client(), index);
  expect(await own.prepare()).toBe("made");
  expect(await own.prepare()).toBe("there");
  await own.write([course], []);
  const [created] = double.requests.filter(({ method }) => method === "PUT");
  expect(created?.body).toMatchObject({
    settings: { number_of_replicas: 0 },
    mappings: {
      dynamic: false,
      properties: { title: { analyzer: "folded", fields: { spanish: { analyzer: "spanish" } } } },
    },
  });
  await client().indices.delete({ index });
  await client().indices.create({ index, mappings: { _meta: { shape: 0 } } });
  expect(await own.prepare()).toBe("made");
  await client().indices.delete({ index });
  await client().indices.create({ index, mappings: { _meta: { shape: 99 } } });
  expect(await own.prepare()).toBe("newer");
});

test("documents are written and forgotten by their own ids, as often as one likes", async () => {
  const own = elasticsearchIndex(client(), index);
  await own.prepare();
  for (const title of ["Engines", "Engines", "Engines II"]) await own.write([{ ...course, title }], []);
  expect(double.indices.get(index)).toEqual(
    new Map([
      [
        "course-7",
        { kind: "course", id: 7, course_id: 7, source_system: "learnmore", title: "Engines II", body: "Steam." },
      ],
    ]),
  );
  const gone = { kind: "course", id: 7 } as const;
  await own.write([], [gone]);
  await own.write([], [gone]);
  expect(double.indices.get(index)?.size).toBe(0);
});

test("a document that is refused is an error that says which and why, and so is an index that is not there", async () => {
  const own = elasticsearchIndex(client(), index);
  await expect(own.write([course], [])).rejects.toThrow("index_not_found_exception");
  await own.prepare();
  double.refused = new Set(["course-7"]);
  await expect(own.write([course, { ...course, id: 8 }], [])).rejects.toThrow(
    "Elasticsearch refused 1 of 2 documents; the first is course-7: failed to parse field [id]",
  );
});

test("hits come with what was found in the language that found the most, text without marks where none did", async () => {
  await elasticsearchIndex(client(), index).prepare();
  const source = { kind: "module", id: 9, course_id: 7, title: "Running" };
  double.found = {
    total: 21,
    hits: [
      {
        _id: "module-9",
        _source: source,
        highlight: {
          "title.english": ["\u{E000}Running\u{E001}"],
          body: ["Many run."],
          "body.english": ["Many \u{E000}run\u{E001}."],
        },
      },
      { _id: "module-10", _source: { ...source, id: 10 }, highlight: { body: ["Nothing here."] } },
      { _id: "strange", _source: { kind: "poem" } },
    ],
  };
  expect(await elasticsearchSearch(client(), index).find({ text: "run", reader, page: 2 })).toEqual({
    page: 2,
    size: 20,
    total: 21,
    rows: [
      {
        kind: "module",
        id: 9,
        courseId: 7,
        title: [{ text: "Running", found: true }],
        snippet: [
          { text: "Many ", found: false },
          { text: "run", found: true },
          { text: ".", found: false },
        ],
      },
      {
        kind: "module",
        id: 10,
        courseId: 7,
        title: [{ text: "Running", found: false }],
        snippet: [{ text: "Nothing here.", found: false }],
      },
    ],
  });
});

test("only the reader's courses are asked for, and the system that the reader governs", () => {
  const filterOf = (governs: string | null | undefined) =>
    searchRequest({ text: "x", reader: { courses: [7], governs }, page: 1 }).query?.bool?.filter;
  expect(filterOf(undefined)).toEqual({ terms: { course_id: [7] } });
  expect(filterOf("learnmore")).toEqual({
    bool: {
      should: [{ terms: { course_id: [7] } }, { term: { source_system: "learnmore" } }],
      minimum_should_match: 1,
    },
  });
  expect(filterOf(null)).toMatchObject({
    bool: { should: [{}, { bool: { must_not: { exists: { field: "source_system" } } } }] },
  });
});

test("what is typed goes to the query that makes no error of it, with the page and every language", () => {
  const request = searchRequest({ text: 'steam or "big engine" -oil', reader, page: 3 });
  expect(request).toMatchObject({ from: 40, size: 20 });
  expect(request.query?.bool?.must).toMatchObject({
    simple_query_string: { query: 'steam | "big engine" -oil', default_operator: "and" },
  });
  expect(JSON.stringify(request.query)).toContain('"title.german^3"');
});
