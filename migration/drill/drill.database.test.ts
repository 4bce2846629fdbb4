import { expect, test } from "vitest";
import { drillKills } from "./kill-drill.ts";
import { drilledSystems } from "./systems.ts";

test("a landing that passes through a staging copy, and one that does not, end as if nobody had been killed", async () => {
  const systems = ["dirfinal", "listcutter"].flatMap((name) => drilledSystems.get(name) ?? []);
  const lines: string[] = [];
  const tally = await drillKills({
    systems,
    kills: 6,
    seed: 20,
    chunkRows: 1000,
    minutes: 10,
    signal: new AbortController().signal,
    say: (line) => lines.push(line),
  });
  expect(tally.faults, lines.join("\n")).toEqual([]);
  expect(tally.kills).toBe(6);
  expect(lines.filter((line) => line.includes("killed while"))).toHaveLength(6);
}, 900_000);
