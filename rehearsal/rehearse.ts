// `npm run rehearse -- STACK`: builds an environment on a cloud of this machine's own, checks it, and takes it down.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../infra/settings/settings.ts";
import { reportFailure } from "../tools/failure.ts";
import { engine, forServers, prepareGround, toolchain } from "../tools/ground.ts";
import { rehearsalPulumiHome } from "../tools/paths.ts";
import { duration } from "../tools/step.ts";
import { parseRehearsalArguments, type RehearsalArguments } from "./arguments.ts";
import { buildEnvironment, requireRehearsable } from "./build.ts";
import { checkFromOutside } from "./checks/check.ts";
import { strangerImage } from "./checks/image.ts";
import { renderTable, writeJson } from "./checks/report.ts";
import type { Cloud } from "./cloud/cloud.ts";
import { folderOf, openCloud } from "./cloud/open.ts";
import { leftovers, removeCloud } from "./cloud/remove.ts";
import { expectationsOf } from "./expectations.ts";
import { injectFault } from "./fault-command.ts";
import { buildImages } from "./images/build.ts";
import { stackOutputs } from "./outputs.ts";
import { installStandIns } from "./plugin/install.ts";
import { pulumiOnCloud, runOnCloud } from "./process.ts";
import { rehearsedFile, takeSettings } from "./settings.ts";

const began = performance.now();
const sinceBegan = (): string => duration((performance.now() - began) / 1000);

async function rehearse({ stack, configFile, task }: RehearsalArguments): Promise<number> {
  if (task.kind === "down") return down(stack);
  if (task.kind !== "rehearse" && !existsSync(folderOf(stack))) {
    throw new Error(`Nothing of ${stack} is up. Build it first: npm run rehearse -- ${stack} --keep`);
  }
  if (task.kind === "rehearse") requireRehearsable({ stack, file: configFile, servers: task.servers });
  await prepareGround([...engine(), ...toolchain(), ...forServers()]);
  const cloud = await openCloud(stack);
  switch (task.kind) {
    case "pulumi":
      return runOnCloud(cloud, "tools/pulumi.ts", [...task.args, ...forStack(cloud, task.args)]);
    case "operation": {
      const about = ["--stack", stack, "--config-file", rehearsedFile(cloud)];
      return runOnCloud(cloud, `operations/${task.operation}.ts`, [...about, ...task.args]);
    }
    case "fault":
      return injectFault(cloud, task.args);
    case "check":
      return check(cloud, checkedSettings(cloud, configFile), task.report);
    case "rehearse":
      await installStandIns(rehearsalPulumiHome);
      return buildAndCheck(cloud, { ...task, configFile });
  }
}

interface BuildTask {
  readonly configFile: string | undefined;
  readonly keep: boolean;
  readonly report: string | undefined;
  readonly servers: Readonly<Record<string, number>>;
}

/** The settings that what is up was built from, unless others are named. */
function checkedSettings(cloud: Cloud, configFile: string | undefined): Settings {
  const file = configFile ?? rehearsedFile(cloud);
  return takeSettings({ stack: cloud.stack, file, servers: {}, secretOf: () => undefined }).settings;
}

async function buildAndCheck(cloud: Cloud, { configFile, keep, report, servers }: BuildTask): Promise<number> {
  const { stack } = cloud;
  const { settings, code } = await buildEnvironment(cloud, { file: configFile, servers });
  if (code !== 0) {
    console.error(
      `\n${stack} was not built, after ${sinceBegan()}. It is left as it is, to be looked at:\n` +
        `  go on:   npm run rehearse -- ${stack}${keep ? " --keep" : ""}\n` +
        `  end it:  npm run rehearse -- ${stack} --down`,
    );
    return code;
  }
  const failed = await check(cloud, settings, report);
  if (keep) {
    console.log(
      `${stack} stays up on the rehearsal cloud, after ${sinceBegan()}. To end it: npm run rehearse -- ${stack} --down`,
    );
    return failed;
  }
  return Math.max(failed, await down(stack));
}

/** Checks what is up from outside. @returns 1 when a check fails, 0 otherwise */
async function check(cloud: Cloud, settings: Settings, report: string | undefined): Promise<number> {
  await buildImages(cloud, [strangerImage]);
  const read = stackOutputs.safeParse(
    JSON.parse(await pulumiOnCloud(cloud, ["stack", "output", "--json", "--show-secrets"])),
  );
  if (!read.success) {
    throw new Error(
      `The last update of ${cloud.stack} did not end well, so nothing says what must be found. Bring it to its end first: ` +
        `npm run rehearse -- ${cloud.stack} --keep`,
    );
  }
  const outputs = read.data;
  const expected = expectationsOf(cloud, settings, outputs);
  console.error(`\nChecking ${cloud.stack} from outside …`);
  const start = performance.now();
  const head = { stack: cloud.stack, release: outputs.release, began: new Date() };
  const results = await checkFromOutside(cloud, expected);
  console.log(`\n${renderTable(results)}`);
  const path = report ?? join(folderOf(cloud.stack), "../..", `${cloud.stack}-report.json`);
  writeJson(results, path, { ...head, seconds: (performance.now() - start) / 1000 });
  console.log(`  The report as JSON: ${path}\n`);
  return results.every(({ passed }) => passed) ? 0 : 1;
}

/** Takes a cloud down. @returns 1 when something of it is left, 0 otherwise */
async function down(stack: string): Promise<number> {
  await prepareGround(engine());
  const cloud = await openCloud(stack);
  await removeCloud(cloud);
  const left = await leftovers(cloud);
  if (left.length === 0) {
    console.log(`The rehearsal cloud of ${stack} is gone without a trace, after ${sinceBegan()}.`);
    return 0;
  }
  console.error(`Of the rehearsal cloud of ${stack} there is still:\n${left.map((one) => `  ${one}`).join("\n")}`);
  return 1;
}

/** What a command of Pulumi's needs to be about the rehearsed stack, as far as the person has not said it. */
function forStack(cloud: Cloud, args: readonly string[]): string[] {
  const [command = ""] = args;
  if (["plugin", "version", "help", "about"].includes(command)) return [];
  const has = (...flags: string[]): boolean => args.some((one) => flags.some((flag) => one.split("=")[0] === flag));
  const readsSettings = ["up", "preview", "refresh", "destroy", "config"].includes(command);
  return [
    ...(has("-s", "--stack") ? [] : ["--stack", cloud.stack]),
    ...(!readsSettings || has("--config-file") ? [] : ["--config-file", rehearsedFile(cloud)]),
  ];
}

try {
  process.exitCode = await rehearse(parseRehearsalArguments(process.argv.slice(2)));
} catch (error) {
  reportFailure(error);
}
