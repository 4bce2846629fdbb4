import type { Preview } from "@landfall/infra/policy/preview";

/**
 * Sees to it that a preview is of an environment, and came to its end: rules over a part of it would pass what they have
 * not seen.
 *
 * @throws with what the engine said, and what to do
 */
export function wholePreview(environment: string, preview: Preview): Preview {
  const { errors, isWhole, plan } = preview;
  if (errors.length > 0 || !isWhole) {
    const said = errors.length === 0 ? "  It ended without a summary." : errors.map(indented).join("\n");
    throw new Error(
      `${environment} could not be checked, as its preview did not come to its end. The engine says:\n${said}${advice(environment, errors)}`,
    );
  }
  const [, stack] = /^urn:pulumi:([^:]+)::/.exec(plan.resources[0]?.urn ?? "") ?? [];
  if (stack !== environment) {
    throw new Error(
      `This is a preview of ${stack ?? "nothing"}, not of ${environment}. Name the environment that it is of.`,
    );
  }
  return preview;
}

/** What to do where a vendor's provider is missing, which only a rehearsal can do without. */
function advice(environment: string, errors: readonly string[]): string {
  if (!errors.some((error) => /no resource plugin|(find|load|install|download)\w* (resource )?plugin/i.test(error)))
    return "";
  return (
    "\n  A vendor's provider is not installed and cannot be had from here. Check the environment on the rehearsal cloud:\n" +
    `    npm run rehearse -- ${environment} --keep\n` +
    `    npm run rehearse -- ${environment} check`
  );
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
