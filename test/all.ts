// `npm test`: prepares the machine, then format, lint, types, and every test but the drills, which `npm run drills` runs.
// The last line counts.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { objectStorageGateway } from "../rehearsal/storage/gateway.ts";
import { reportFailure } from "../tools/failure.ts";
import { runInForeground } from "../tools/foreground.ts";
import { engine, forTests, prepareGround, toolchain } from "../tools/ground.ts";
import { cloneHome, root } from "../tools/paths.ts";
import { duration } from "../tools/step.ts";
import { closingLine, type TestReport } from "./report.ts";

const program = (name: string): string => join(root, "node_modules/.bin", name);
const report = join(cloneHome, "test", "report.json");

/** Checks of the source as a whole, each with what repairs it. */
const checks = [
  { title: "Format", program: "prettier", args: ["--check", "--log-level", "warn", "."], repair: "npm run format" },
  { title: "Lint", program: "eslint", args: ["."], repair: "npm run lint -- --fix" },
  { title: "Types", program: "tsc", args: [], repair: undefined },
];

async function runChecks(): Promise<string[]> {
  const failed: string[] = [];
  for (const { title, program: name, args, repair } of checks) {
    const began = performance.now();
    const code = await runInForeground(program(name), args, process.env);
    const took = duration((performance.now() - began) / 1000);
    const advice = repair === undefined ? "" : ` Some of it is repaired by: ${repair}`;
    console.log(code === 0 ? `${title}: good (${took}).` : `${title}: faults, see above (${took}).${advice}`);
    if (code !== 0) failed.push(title);
  }
  return failed;
}

async function runTests(args: string[]): Promise<{ code: number; report: TestReport | undefined }> {
  rmSync(report, { force: true });
  mkdirSync(dirname(report), { recursive: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await runInForeground(program("vitest"), ["run", ...reporters, ...args], process.env);
  try {
    return { code, report: JSON.parse(readFileSync(report, "utf8")) as TestReport };
  } catch {
    return { code, report: undefined };
  }
}

try {
  process.chdir(root);
  await prepareGround([...engine(), ...toolchain(), ...forTests(), objectStorageGateway()]);
  const failedChecks = await runChecks();
  const args = process.argv.slice(2);
  const projects = ["unit", "database", "stack"].map((name) => `--project=${name}`);
  const chosen = args.some((arg) => arg.startsWith("--project")) ? [] : projects;
  const { code, report: tests } = await runTests([...chosen, ...args]);
  if (failedChecks.length > 0) console.log(`Failed besides tests: ${failedChecks.join(", ")}.`);
  console.log(closingLine(tests, failedChecks.length));
  process.exitCode = code !== 0 || failedChecks.length > 0 ? 1 : 0;
} catch (error) {
  reportFailure(error);
}
