import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pulumiEnvironment } from "../environment.ts";
import { goBuild } from "../go.ts";
import { hashOf, isOutdated, noteOrigin } from "../origin.ts";
import { cliFolder, packageVersion } from "../paths.ts";
import { execute, isProgram } from "../process.ts";
import type { Progress, Step } from "../step.ts";
import { canBeHad, cliUrl, download } from "../vendor.ts";

const source = join(import.meta.dirname, "..", "pulumi-cli");

/** Pulumi's command line, which holds the engine. */
export function pulumiCli(): Step {
  const version = packageVersion("@pulumi/pulumi");
  const program = join(cliFolder(version), "pulumi");
  const sourceHash = (): string => hashOf([join(source, "go.mod"), join(source, "go.sum")], [version]);
  return {
    name: `Pulumi's command line ${version}`,
    estimate: 300,
    needed: () => {
      if (!isProgram(program)) return "not installed";
      return isOutdated(program, sourceHash) ? "built from other sources than these" : undefined;
    },
    run: async (progress) => {
      if (!(await fromVendor(version, progress))) {
        progress.say("The vendor's download does not answer: it is built from Go modules.");
        await goBuild(
          {
            folder: source,
            target: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
            output: program,
            variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${version}` },
          },
          progress,
        );
        noteOrigin(program, sourceHash());
      }
      await checkVersion(program, version);
    },
  };
}

async function checkVersion(program: string, version: string): Promise<void> {
  const answer = (await execute(program, ["version"], { env: pulumiEnvironment() })).trim();
  if (answer !== `v${version}`) {
    throw new Error(`${program} calls itself ${answer}, not v${version}. Remove it and run again.`);
  }
}

/** Gets the vendor's release, language hosts included. False where it cannot be had from here. */
async function fromVendor(version: string, progress: Progress): Promise<boolean> {
  const url = cliUrl(version);
  if (!(await canBeHad(url))) return false;
  progress.say(`Downloading ${url}`);
  const target = cliFolder(version);
  const unfinished = `${dirname(target)}.partial`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    const archive = join(unfinished, "pulumi.tar.gz");
    await download(url, archive);
    await execute("tar", ["-xzf", archive, "-C", unfinished]);
    const nested = join(unfinished, "pulumi", "bin");
    const programs = existsSync(nested) ? nested : join(unfinished, "pulumi");
    await checkVersion(join(programs, "pulumi"), version);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(dirname(target), { recursive: true });
    renameSync(programs, target);
    return true;
  } catch (error) {
    progress.say(`That did not work: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
