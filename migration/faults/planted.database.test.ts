import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomNumbers } from "../../test/stacks/random.ts";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { verifyCommand } from "../commands/verify.ts";
import { mappedTables } from "../plans/plan.ts";
import { landedColumns } from "../plans/repairs.ts";
import { Connection, inTransaction } from "../sql/connection.ts";
import { discard } from "../test/legacy.ts";
import { ask, landAs, readReport, silent } from "../test/landing.ts";
import { openDirtySource, type DirtySource } from "./dirty-source.ts";
import { describeFault, findingsOf, isFound, unplanted, type Finding } from "./findings.ts";
import { Planting, spotsOf, type PlantedFault } from "./planting.ts";
import { plantQuarantine, plantRights } from "./rights-and-quarantine.ts";

/** Whether each fault is planted alone, with a verification of its own. It takes long. */
const alone = process.env["LANDFALL_FAULTS"] === "alone";
/** Faults of one table in one verification: more rows than these it need not name. */
const perTable = 10;
const minutes = (count: number): number => count * 60_000;
const totals = { planted: 0, found: 0 };

describe.each(["learnmore", "openlearn", "listcutter", "dirfinal", "unpuzzle"])("in what %s has landed", (system) => {
  let source: DirtySource;
  let landed: TestDatabase;

  beforeAll(async () => {
    [source, landed] = await Promise.all([openDirtySource(system), createDatabase()]);
    const report = await landAs(source.settings(landed));
    expect(report.state).toBe("verified");
  }, minutes(10));

  afterAll(async () => {
    await source.close();
    await discard(landed);
  });

  /** A copy of what has landed, to be spoiled. */
  async function copied<Result>(work: (copy: TestDatabase) => Promise<Result>): Promise<Result> {
    const copy = await createDatabase();
    try {
      await ask(landed, `DROP DATABASE ${copy.database}`);
      await ask({ ...landed, database: "landfall" }, `CREATE DATABASE ${copy.database} TEMPLATE ${landed.database}`);
      return await work(copy);
    } finally {
      await discard(copy);
    }
  }

  /** Plants faults in a copy, verifies it, and gives what was planted and what was named. */
  const spoil = (plant: (planting: Planting, connection: Connection) => Promise<void>) =>
    copied(async (copy): Promise<{ planted: PlantedFault[]; findings: Finding[] }> => {
      const connection = await Connection.open(copy);
      try {
        const planting = new Planting(connection.client, source.plan);
        await inTransaction(connection.client, () => plant(planting, connection));
        if (planting.planted.length === 0) return { planted: [], findings: [] };
        const settings = source.settings(copy, { chunkRows: 200 });
        await expect(verifyCommand(settings, silent)).rejects.toThrow(/differs/);
        return { planted: planting.planted, findings: findingsOf(readReport(settings).verification) };
      } finally {
        await connection.close();
      }
    });

  function count({ planted, findings }: { planted: readonly PlantedFault[]; findings: readonly Finding[] }): void {
    const missed = planted.filter((fault) => !isFound(fault, findings));
    totals.planted += planted.length;
    totals.found += planted.length - missed.length;
    expect(missed.map(describeFault)).toEqual([]);
  }

  test(
    "every changed, lost, doubled and swapped value is named with table, row and column, and nothing else is",
    async () => {
      const random = randomNumbers(1);
      const plants = mappedTables(source.plan).map((table) => [
        (planting: Planting) => planting.lose(table),
        (planting: Planting) => planting.double(table),
        ...landedColumns(source.plan, table)
          .filter(({ type, name }) => type === "text" && table.columns[name]?.kind === "copy")
          .slice(0, 1)
          .map(
            ({ name }) =>
              (planting: Planting) =>
                planting.swap(table, name),
          ),
        ...spotsOf(source.plan)
          .filter((spot) => spot.table === table)
          .map((spot) => ({ spot, place: random(1_000_000) }))
          .sort((one, other) => one.place - other.place)
          .map(
            ({ spot }) =>
              (planting: Planting) =>
                planting.change(spot),
          ),
      ]);
      if (alone) {
        for (const plant of plants.flat())
          count(
            await spoil(async (planting) => {
              await plant(planting);
            }),
          );
        return;
      }
      const result = await spoil(async (planting) => {
        for (const own of plants) {
          let planted = 0;
          for (const plant of own) if (planted < perTable && (await plant(planting))) planted += 1;
        }
      });
      expect(result.planted.length).toBeGreaterThan(30);
      count(result);
      expect(unplanted(result.planted, result.findings)).toEqual([]);
      console.log(`${system}: ${new Set(result.planted.map(({ name }) => name)).size.toString()} kinds of faults`);
    },
    alone ? minutes(600) : minutes(10),
  );

  test(
    "a right that is given or taken is named with its user, and what is in quarantine with its row",
    async () => {
      const result = await spoil(async (planting, { client }) => {
        await plantRights(client, source.plan, planting);
        await plantQuarantine(client, source.plan, planting);
      });
      expect(result.planted.length).toBeGreaterThan(4);
      count(result);
    },
    minutes(10),
  );
});

afterAll(() => {
  console.log(`faults found / planted: ${totals.found.toString()} / ${totals.planted.toString()}`);
});
