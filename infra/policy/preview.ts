import { z } from "zod";
import { nothing, Plan, type Change, type PlannedResource } from "./plan.ts";
import { secret, unknown, Value } from "./value.ts";

/**
 * By what the engine's JSON stands for a value that is not known yet.
 * https://github.com/pulumi/pulumi/blob/v3.250.0/pkg/resource/stack/deployment.go (computedValuePlaceholder)
 */
const unknownPlaceholder = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/**
 * By what it stands for a secret.
 * https://github.com/pulumi/pulumi/blob/v3.250.0/pkg/backend/display/json.go (massagePropertyValue)
 */
const secretPlaceholder = "[secret]";

const properties = z.record(z.string(), z.unknown());

/** A resource as the engine's JSON has it: apitype.ResourceV3, as far as it is read here. */
const state = z.object({
  type: z.string(),
  inputs: properties.optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  protect: z.boolean().default(false),
  retainOnDelete: z.boolean().default(false),
  deletedWith: z.string().optional(),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  ignoreChanges: z.array(z.string()).nullish(),
  replaceOnChanges: z.array(z.string()).nullish(),
});

const step = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: state.optional(),
  newState: state.optional(),
  replaceReasons: z.array(z.string()).nullish(),
});

const digest = z.object({
  config: z.record(z.string(), z.string()).default({}),
  steps: z.array(step).default([]),
  diagnostics: z.array(z.object({ message: z.string().default(""), severity: z.string().default("") })).default([]),
  changeSummary: z.record(z.string(), z.number()).optional(),
});

/** A preview, as `pulumi preview --json --show-sames` prints it. */
export interface Preview {
  /** The stack's settings, secrets blinded. */
  readonly config: Readonly<Record<string, string>>;
  readonly plan: Plan;
  /** What went wrong in it, in the engine's words. */
  readonly errors: readonly string[];
  /** Whether it came to its end: only then are its resources all there are. */
  readonly isWhole: boolean;
}

/** Operations on a resource by what they come to. The steps of which a replacement consists are left out: it is one. */
const changes: Readonly<Partial<Record<string, Change>>> = {
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  same: "same",
};

/**
 * Reads a preview.
 *
 * @throws when the text is none, or one without the resources that stay as they are
 */
export function readPreview(text: string): Preview {
  const parsed = digest.safeParse(jsonOf(text));
  if (!parsed.success) {
    throw new Error(`This is no preview as "pulumi preview --json" prints it: ${z.prettifyError(parsed.error)}`);
  }
  const { config, steps, diagnostics, changeSummary } = parsed.data;
  const sames = steps.filter(({ op }) => op === "same").length;
  if ((changeSummary?.["same"] ?? 0) > sames + 1) {
    throw new Error(
      "This preview leaves out the resources that stay as they are, which the rules have to see too: " +
        "make it with --show-sames.",
    );
  }
  const errors = diagnostics.flatMap(({ message, severity }) => (severity === "error" ? [message.trim()] : []));
  return { config, plan: new Plan(steps.flatMap(resourceOf)), errors, isWhole: changeSummary !== undefined };
}

function resourceOf({ op, urn, oldState, newState, replaceReasons }: z.infer<typeof step>): PlannedResource[] {
  const change = changes[op];
  const current = newState ?? oldState;
  if (change === undefined || current === undefined) return [];
  // A provider is named with its id behind it, which a new one does not have yet.
  const provider = current.provider?.split("::").slice(0, -1).join("::");
  return [
    {
      urn,
      type: current.type,
      name: urn.split("::").slice(3).join("::"),
      change,
      replaceReasons: replaceReasons ?? [],
      inputs: new Value(withMarks(current.inputs ?? {})),
      before: oldState === undefined ? nothing : new Value(withMarks(oldState.inputs ?? {})),
      parent: current.parent,
      provider,
      dependencies: current.dependencies ?? [],
      propertyDependencies: Object.fromEntries(
        Object.entries(current.propertyDependencies ?? {}).map(([property, urns]) => [property, urns ?? []]),
      ),
      options: {
        protect: current.protect,
        retainOnDelete: current.retainOnDelete,
        deletedWith: current.deletedWith,
        ignoreChanges: current.ignoreChanges ?? [],
        replaceOnChanges: current.replaceOnChanges ?? [],
      },
    },
  ];
}

/** Inputs with the marks of what cannot be told, and without what the engine filled in by itself. */
function withMarks(raw: unknown): unknown {
  if (raw === unknownPlaceholder) return unknown;
  if (raw === secretPlaceholder) return secret;
  if (Array.isArray(raw)) return raw.map(withMarks);
  const record = properties.safeParse(raw);
  if (!record.success) return raw;
  const filledIn = z.array(z.string()).catch([]).parse(record.data["__defaults"]);
  const own = Object.entries(record.data).filter(([key]) => !key.startsWith("__") && !filledIn.includes(key));
  return Object.fromEntries(own.map(([key, value]) => [key, withMarks(value)]));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('This is no preview as "pulumi preview --json" prints it: it is not JSON.');
  }
}
