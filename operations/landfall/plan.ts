import { planCommand } from "@landfall/migration/commands/plan";
import { exitCodes } from "@landfall/migration/engine/outcome";
import { createLog } from "@landfall/migration/log";
import { renderDocument } from "@landfall/migration/plans/document";
import { planOf, type Context } from "./context.ts";
import { settingsOf } from "./settings.ts";
import { describePlan } from "./plan-text.ts";

/** Tells what a move would do to each table, from one pass over the source, or where everything goes. Gives the exit code. */
export async function planInfo(context: Context): Promise<number> {
  const { request, output, print } = context;
  if (request.markdown) {
    await print(renderDocument(planOf(request)));
  } else if (request.source === undefined || request.target === undefined) {
    await print(describePlan(planOf(request), request.json));
  } else {
    const log = createLog(output.logLevel, {
      write: (line) => {
        output.log(line);
      },
    });
    await planCommand.survey(settingsOf(context, ""), log);
  }
  return exitCodes.verified;
}
