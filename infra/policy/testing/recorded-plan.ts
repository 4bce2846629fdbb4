import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { projectRoot } from "../../../images/files.ts";
import { mockEngine } from "../../testing/mocks.ts";
import { nothing, Plan, type PlannedResource } from "../plan.ts";
import { types } from "../resource-types.ts";
import { secret, Value } from "../value.ts";

/** What of a registration the plan is made from; Pulumi's protocol has more. */
interface Registration {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getDeletedwith(): string;
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
  getObject(): { toJavaScript(): Record<string, unknown> };
}

type Register = (registration: Registration, answer: (error: unknown, response: { getUrn(): string }) => void) => void;

let runs = 0;

/**
 * The resources that the program makes of an environment's settings, with nothing there before, as it registers them
 * with the engine.
 *
 * @param environment whose `Pulumi.<environment>.yaml` is read
 * @param besides settings in place of those in the file, and secrets
 */
export async function recordPlan(environment: string, besides: Readonly<Record<string, unknown>>): Promise<Plan> {
  const file = z
    .object({ config: z.record(z.string(), z.unknown()) })
    .parse(parse(readFileSync(join(projectRoot, `Pulumi.${environment}.yaml`), "utf8")));
  const config = Object.entries({ ...file.config, ...besides });
  await mockEngine();
  // The files' hosts are those of examples.
  process.env["LANDFALL_REHEARSAL"] ??= "recorded";
  pulumi.runtime.setAllConfig(
    Object.fromEntries(config.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)])),
  );
  const resources: PlannedResource[] = [{ ...blank, urn: "urn:pulumi:test::landfall::stack::test", type: types.stack }];
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (registration, answer) => {
    register(registration, (error, response) => {
      if (error === null) resources.push(plannedOf(registration, response.getUrn()));
      answer(error, response);
    });
  };
  // Another address is another run of the program.
  const program = new URL(`../../index.ts?run=${String(++runs)}`, import.meta.url).href;
  await import(program);
  await pulumi.runtime.disconnect(false);
  return new Plan(resources);
}

const blank: PlannedResource = {
  urn: "",
  type: "",
  name: "test",
  change: "create",
  replaceReasons: [],
  inputs: nothing,
  before: nothing,
  parent: undefined,
  provider: undefined,
  dependencies: [],
  propertyDependencies: {},
  options: {
    protect: false,
    retainOnDelete: false,
    deletedWith: undefined,
    ignoreChanges: [],
    replaceOnChanges: [],
  },
};

function plannedOf(registration: Registration, urn: string): PlannedResource {
  const provider = registration.getProvider().split("::").slice(0, -1).join("::");
  return {
    ...blank,
    urn,
    type: registration.getType(),
    name: registration.getName(),
    inputs: new Value(withMarks(registration.getObject().toJavaScript())),
    parent: registration.getParent() === "" ? undefined : registration.getParent(),
    provider: provider === "" ? undefined : provider,
    dependencies: registration.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      [...registration.getPropertydependenciesMap().entries()].map(([property, urns]) => [
        property,
        urns.getUrnsList(),
      ]),
    ),
    options: {
      protect: registration.getProtect(),
      retainOnDelete: registration.getRetainondelete(),
      deletedWith: registration.getDeletedwith() === "" ? undefined : registration.getDeletedwith(),
      ignoreChanges: registration.getIgnorechangesList(),
      replaceOnChanges: registration.getReplaceonchangesList(),
    },
  };
}

/** The key by which Pulumi's protocol marks a secret. */
const signature = "4dabf18193072939515e22adb298388d";

function withMarks(raw: unknown): unknown {
  if (Array.isArray(raw)) return raw.map(withMarks);
  // The mocks name images by their names, where an engine names them by their content.
  if (typeof raw === "string")
    return raw.replace(/sha256:(?![0-9a-f]{64}$)(.+)$/, (_all, name: string) => hashed(name));
  if (typeof raw !== "object" || raw === null) return raw;
  if (signature in raw) return secret;
  const own = Object.entries(raw).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(own.map(([key, value]) => [key, withMarks(value)]));
}

function hashed(name: string): string {
  return `sha256:${createHash("sha256").update(name).digest("hex")}`;
}
