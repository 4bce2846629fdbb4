import type { Sums } from "../../sql/fingerprints.ts";
import { canonicalText, type Cell } from "./cells.ts";
import { hashesOf, textsOf } from "./line.ts";
import type { Session } from "./session.ts";

// Half of an MD5's 60 bits, as a number that sums without rounding.
const half = (start: number): string =>
  `COALESCE(SUM(CAST(CONV(SUBSTR(d.digest, ${start.toString()}, 15), 16, 10) AS UNSIGNED)), 0)`;

// NUL, or what looks like half of a surrogate pair, as a pattern over bytes.
const oddPattern = "0x5C7830307CED5BA02DBF5D";

/** Whether texts hold what MariaDB keeps and PostgreSQL does not take. NULL does not. */
export const isOdd = (texts: readonly string[]): string =>
  `CAST(CONCAT(${texts.map((sql) => `COALESCE(${sql}, '')`).join(", ")}) AS BINARY) RLIKE ${oddPattern}`;

/** Count and sums of the rows for which `digest`, an MD5 in SQL, is not NULL, and how many others there are. */
async function sumsOf(
  session: Session,
  digest: string,
  from: string,
): Promise<{ readonly sums: Sums; readonly others: number }> {
  const [rows, first, second, all] =
    (
      await session.rows(
        `SELECT COUNT(d.digest), ${half(1)}, ${half(17)}, COUNT(*) FROM (SELECT ${digest} AS digest ${from}) d`,
      )
    )[0] ?? [];
  return {
    sums: { rows: rows ?? "0", first: first ?? "0", second: second ?? "0" },
    others: Number(all ?? 0) - Number(rows ?? 0),
  };
}

/** Count and sums of lines whose canonical text is `canonical`, over rows that are all sound. */
export async function soundSums(session: Session, canonical: string, from: string): Promise<Sums> {
  const [rows, first, second] =
    (
      await session.rows(`SELECT COUNT(*), ${half(1)}, ${half(17)} FROM (SELECT MD5(${canonical}) AS digest ${from}) d`)
    )[0] ?? [];
  return { rows: rows ?? "0", first: first ?? "0", second: second ?? "0" };
}

/** Count and sums of the canonical texts of all rows but those that `doubt` holds for, and how many these are. */
export async function plainSums(
  session: Session,
  of: { canonical: string; doubt: string; from: string },
): Promise<{ sums: Sums; doubtful: number }> {
  const { sums, others } = await sumsOf(session, `IF(${of.doubt}, NULL, MD5(${of.canonical}))`, of.from);
  return { sums, doubtful: others };
}

/**
 * Count and sums of what is staged as text. The server works them out, but for rows whose bytes are not staged as they are, and
 * for those that are too long for it: they are fetched and hashed one by one.
 *
 * @param from `FROM … WHERE …` of the rows, with the table as `t`
 */
export async function stagedSums(session: Session, cells: readonly Cell[], from: string): Promise<Sums> {
  const canonical = canonicalText(cells);
  const texts = cells.filter(({ kind }) => kind === "text").map((cell) => cell.text);
  if (cells.every(({ kind }) => kind === "plain")) return soundSums(session, canonical, from);
  const odd = texts.length === 0 ? "FALSE" : isOdd(texts);
  const digest = `IF(COALESCE(${odd}, TRUE), NULL, MD5(${canonical}))`;
  const { sums, others } = await sumsOf(session, digest, from);
  let [one, other, left] = [BigInt(sums.first), BigInt(sums.second), others];
  if (left > 0) {
    const stored = cells.map((cell) => cell.stored).join(", ");
    await session.each(`SELECT ${stored} ${from} AND ${digest} IS NULL`, (row) => {
      const hashes = hashesOf(textsOf(cells, row));
      [one, other, left] = [one + hashes.first, other + hashes.second, left - 1];
    });
    if (left !== 0) throw new Error("the rows that are not plain text were not the same twice");
  }
  const rows = (Number(sums.rows) + others).toString();
  return { rows, first: one.toString(), second: other.toString() };
}
