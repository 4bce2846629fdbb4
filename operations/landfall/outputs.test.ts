import { expect, test } from "vitest";
import { JsonOutput } from "./output-json.ts";
import { LinesOutput } from "./output-lines.ts";

const clock = { seconds: 0 };
const now = () => clock.seconds * 1000;
const progress = (rows: number) =>
  ({ system: "learnmore", table: "users", phase: "copying", rows, of: 10, bytes: 100 }) as const;

test("without a terminal there is a line a phase, and one of figures every two seconds", () => {
  clock.seconds = 0;
  const lines: string[] = [];
  const output = new LinesOutput((line) => lines.push(line), now);
  output.phase("learnmore", "copying");
  for (let rows = 0; rows <= 10; rows++) {
    output.table(progress(rows));
    clock.seconds += 0.5;
  }
  expect(lines).toEqual([
    "learnmore: copying",
    "learnmore: copying, 4 of 10 rows (40 %), 100 B, 2/s, 3 s left, now users",
    "learnmore: copying, 8 of 10 rows (80 %), 100 B, 2/s, 1 s left, now users",
  ]);
});

test("notes and the engine's warnings are lines that no legacy text can disguise", () => {
  const lines: string[] = [];
  const output = new LinesOutput((line) => lines.push(line));
  output.note("learnmore", "row \u001b[31m7");
  output.log('{"level":"warn","table":"auth_user","rows":3,"msg":"changed\\nsince"}\n');
  output.log('{"level":"warn","table":"auth_user","rows":3,"msg":"to quarantine: told as a note"}\n');
  output.say("Ending.");
  expect(lines).toEqual(["learnmore: row \\u001b[31m7", "auth_user: changed\\u000asince", "Ending."]);
});

test("machines get each event as a line of JSON", () => {
  clock.seconds = 0;
  const lines: unknown[] = [];
  const output = new JsonOutput((line) => lines.push(JSON.parse(line)), now);
  output.phase("learnmore", "copying");
  output.table(progress(0));
  output.table(progress(1));
  clock.seconds = 2;
  output.table(progress(5));
  output.log('{"level":"info","msg":"surveyed"}\n');
  output.note("learnmore", "held back");
  expect(lines).toMatchObject([
    { event: "phase", system: "learnmore", phase: "copying" },
    {
      event: "progress",
      phase: "copying",
      tables: [{ table: "users", rows: 5, of: 10, rowsPerSecond: 2, secondsLeft: 2.5 }],
    },
    { event: "log", level: "info", msg: "surveyed" },
    { event: "note", system: "learnmore", text: "held back" },
  ]);
});
