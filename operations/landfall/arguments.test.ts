import { Refusal } from "@landfall/migration/engine/outcome";
import { expect, test } from "vitest";
import { readRequest, type Surroundings } from "./arguments.ts";

const surroundings: Surroundings = {
  environment: {},
  directory: "/srv/here",
  plans: new Map([
    ["learnmore", { engine: "postgresql" }],
    ["unpuzzle", { engine: "mariadb" }],
  ]),
  lastTarget: () => undefined,
};
const source = "postgresql://ann:a@old/legacy";
const target = "postgresql://ann:b@new/landfall";
const given = ["--source", source, "--target", target];

function faultsOf(args: readonly string[], changes: Partial<Surroundings> = {}): readonly string[] {
  try {
    readRequest(args, { ...surroundings, ...changes });
  } catch (error) {
    if (error instanceof Refusal) return error.faults;
    throw error;
  }
  return [];
}

test("a move needs a system, a source and a target; the rest has its usual value", () => {
  expect(readRequest(["migrate", "learnmore", ...given], surroundings)).toMatchObject({
    command: "migrate",
    system: "learnmore",
    source: { kind: "postgresql", shown: "postgresql://ann@old/legacy", config: { password: "a" } },
    target: { kind: "postgresql", shown: "postgresql://ann@new/landfall", config: { password: "b" } },
    json: false,
    again: false,
    workers: 2,
    chunkRows: 50_000,
    ignored: new Set(),
    rollbackDirectory: undefined,
  });
});

test("flags may stand anywhere, with their value behind a space or an equals sign", () => {
  const args = ["migrate", "--json", `--source=${source}`, "learnmore", "--target", target, "--workers=8", "--again"];
  expect(readRequest([...args, "--ignore", "payments, auth_user.phone"], surroundings)).toMatchObject({
    system: "learnmore",
    json: true,
    again: true,
    workers: 8,
    ignored: new Set(["payments", "auth_user.phone"]),
  });
});

test("paths begin at the caller's folder", () => {
  const args = ["migrate", "learnmore", ...given, "--report", "out/r.json", "--page", "/abs/p.html"];
  expect(readRequest([...args, "--rollback-directory", "../points"], surroundings)).toMatchObject({
    report: "/srv/here/out/r.json",
    page: "/abs/p.html",
    rollbackDirectory: "/srv/points",
  });
  expect(readRequest(["migrate", "learnmore", ...given, "--no-rollback-point"], surroundings).rollbackDirectory).toBe(
    "",
  );
});

test("addresses and passwords may come from the environment", () => {
  const environment = {
    LANDFALL_SOURCE: "postgresql://ann@old/legacy",
    LANDFALL_TARGET: "postgresql://ann@new/landfall",
    LANDFALL_SOURCE_PASSWORD: "one",
    PGPASSWORD: "two",
  };
  expect(readRequest(["verify", "learnmore"], { ...surroundings, environment })).toMatchObject({
    source: { config: { password: "one" } },
    target: { config: { password: "two" } },
  });
});

test("commands that only read fall back on the last target, a move never does", () => {
  const changes = { lastTarget: () => ({ shown: "postgresql://ann@new/landfall" }) };
  expect(readRequest(["quarantine", "learnmore"], { ...surroundings, ...changes }).target?.config.host).toBe("new");
  expect(faultsOf(["migrate", "learnmore", "--source", source], changes)).toEqual([
    "--target: is missing; give a URL, also as LANDFALL_TARGET",
  ]);
});

test("every fault is told at once", () => {
  const args = ["migrate", "leanmore", "--source", "oracle://x", "--workers", "0", "--fast", "--chunk-rows", "many"];
  expect(faultsOf([...args, "--media", "/gone", "--store", "ftp://x"])).toEqual([
    expect.stringContaining("--fast: migrate has no such flag; it has --source"),
    'SYSTEM: "leanmore" is none that there is a plan for; there are learnmore, unpuzzle',
    expect.stringContaining('--source: "oracle://x" has the unknown scheme oracle'),
    "--target: is missing; give a URL, also as LANDFALL_TARGET",
    "--media: there is no folder /gone",
    expect.stringContaining('--store: "ftp://x" is no store'),
    '--workers: is "0"; it must be a whole number from 1 to 64',
    '--chunk-rows: is "many"; it must be a whole number from 1 to 10000000',
  ]);
});

test.each([
  [[], "no command is given; there are migrate, verify"],
  [["migrat"], '"migrat" is no command'],
  [["migrate", ...given], "SYSTEM: is missing; it is one of learnmore, unpuzzle"],
  [["migrate", "learnmore", "unpuzzle", ...given], 'SYSTEM: one at a time, not "unpuzzle" as well'],
  [["migrate", "learnmore", "--target", target, "--source", "--json"], "--source: its value is missing"],
  [["migrate", "learnmore", ...given, "--target"], "--target: its value is missing"],
  [["migrate", "learnmore", ...given, "--target", target], "--target: is given twice"],
  [["migrate", "learnmore", ...given, "--json=yes"], "--json: takes no value"],
  [["migrate", "learnmore", ...given, "--watch"], "--watch: migrate has no such flag"],
  [
    ["migrate", "unpuzzle", ...given],
    '--source: "postgresql://ann@old/legacy" is PostgreSQL, and unpuzzle is a MariaDB system',
  ],
  [
    ["migrate", "learnmore", "--source", source, "--target", "mysql://ann:b@new/x"],
    '--target: "mysql://ann@new/x" is MariaDB; the target is always PostgreSQL',
  ],
  [
    ["migrate", "learnmore", "--source", "postgres://127.0.0.1/x", "--target", "postgres://u@localhost/x"],
    "--target: is the source itself",
  ],
  [
    ["migrate", "learnmore", ...given, "--no-rollback-point", "--rollback-directory", "x"],
    "--no-rollback-point: contradicts --rollback-directory",
  ],
  [["rollback", "undo", "--target", target], 'rollback: "undo" is nothing it does; list, restore NAME or export DIR'],
  [["rollback", "restore", "--target", target], "rollback restore: takes the NAME of one point"],
])("%j is refused", (args, fault) => {
  expect(faultsOf(args).join("\n")).toContain(fault);
});

test("a database of the same name elsewhere, or of another name here, is another database", () => {
  for (const other of ["postgres://localhost:5433/x", "postgres://localhost/y", "postgres://other/x"])
    expect(faultsOf(["migrate", "learnmore", "--source", "postgres://localhost/x", "--target", other])).toEqual([]);
});

test("no fault shows a password", () => {
  const args = ["migrate", "unpuzzle", "--source", "postgres://a:geheim@h/x", "--target", "mysql://a:geheim@h:0/x"];
  expect(faultsOf(args).join("\n")).not.toContain("geheim");
});
