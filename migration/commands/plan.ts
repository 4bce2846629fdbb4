import type pg from "pg";
import type { Logger } from "pino";
import { exitCodes, Refusal } from "../engine/outcome.ts";
import { profileTables } from "../engine/survey.ts";
import { renderDocument } from "../plans/document.ts";
import { mappedTables, type Plan } from "../plans/plan.ts";
import { plans } from "../plans/plans.ts";
import type { Settings } from "../settings.ts";
import type { Source } from "../sources/source.ts";
import { Connection } from "../sql/connection.ts";
import { readTarget } from "../target/catalogue.ts";
import { checkTarget } from "../target/check.ts";
import { withMappableOnly } from "./mappable.ts";
import { prepare } from "./job.ts";

/** Prints the mapping of the systems in MIGRATION_SYSTEMS, or of all that have a plan, as Markdown. */
function markdown(environment: NodeJS.ProcessEnv): number {
  const wanted = (environment["MIGRATION_SYSTEMS"] ?? "").split(",").filter((system) => system !== "");
  for (const [system, plan] of plans) {
    if (wanted.length === 0 || wanted.includes(system)) process.stdout.write(`${renderDocument(plan)}\n`);
  }
  return exitCodes.verified;
}

/** Prints what a move would do to each legacy table, as one JSON object a line. Writes nothing but a staging copy, which is taken away. */
async function survey(settings: Settings, log: Logger): Promise<void> {
  for (const system of settings.systems) {
    const job = await prepare(settings, system);
    const target = await Connection.open(settings.target);
    try {
      const of = { ...job, control: target.client, log };
      await withMappableOnly(settings, of, (source) => surveyOne(source, of));
    } finally {
      await Promise.all([target.close(), job.legacy.source.close()]);
    }
  }
}

async function surveyOne(
  source: Source,
  { plan, control, log }: { plan: Plan; control: pg.Client; log: Logger },
): Promise<void> {
  const { system } = plan;
  const snapshot = await source.snapshot();
  try {
    const targets = await readTarget(
      control,
      mappedTables(plan).map(({ target: name }) => name),
    );
    if (targets.size === 0) log.warn("the target has no schema yet, so its constraints are not looked at");
    const faults = targets.size === 0 ? [] : checkTarget(plan, targets);
    if (faults.length > 0) throw new Refusal(`The plan of ${system} does not fit the target`, faults);
    const say = (line: object): boolean => process.stdout.write(`${JSON.stringify({ system, ...line })}\n`);
    await profileTables({
      plan,
      snapshot,
      catalogue: source.catalogue,
      targets,
      onProfile: (table, profile) => {
        const place = table.disposition === "mapped" ? table.target : (table.into?.target ?? null);
        say({ source: table.source, disposition: table.disposition, target: place, ...profile });
      },
    });
    for (const table of plan.tables) {
      if (table.disposition !== "dropped") continue;
      const rows = await snapshot.count(table.source);
      say({ source: table.source, disposition: "dropped", rows, reason: table.reason });
    }
  } finally {
    await snapshot.close();
  }
}

export const planCommand = { markdown, survey };
