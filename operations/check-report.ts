import type { Result, Status } from "@landfall/infra/policy/evaluate";

/** What a check found. */
export interface CheckReport {
  readonly environment: string;
  readonly results: readonly Result[];
}

/** Whether a change may be made: no mandatory rule is broken. */
export function mayBeMade(results: readonly Result[]): boolean {
  return !results.some(({ level, status }) => level === "mandatory" && status === "violated");
}

/**
 * The report for a person: each rule with what became of it, then what is wrong and what to do, what is waived, what
 * cannot be told yet, and at last the verdict.
 */
export function renderCheck({ environment, results }: CheckReport): string {
  const rows = results.map((result) => ({ id: result.rule.id, verdict: verdictOf(result), title: result.rule.title }));
  const width = Math.max(...rows.map(({ verdict }) => verdict.length), "VERDICT".length);
  const table = [{ id: "RULE", verdict: "VERDICT", title: "WHAT MUST BE SO" }, ...rows].map(
    ({ id, verdict, title }) => `  ${id.padEnd(4)}  ${verdict.padEnd(width)}  ${title}`,
  );
  const details = [
    ...results.filter(({ status }) => status === "violated").map(renderViolated),
    ...results.filter(({ waived }) => waived.length > 0).map(renderWaived),
    ...results.filter(({ open }) => open.length > 0).map(renderOpen),
  ];
  return [...table, ...details.flatMap((lines) => ["", ...lines]), "", `  ${sentence(environment, results)}`].join(
    "\n",
  );
}

/** The report for a machine. */
export function checkAsJson({ environment, results }: CheckReport): string {
  const report = {
    environment,
    mayBeMade: mayBeMade(results),
    totals: totals(results),
    rules: results.map(({ rule, level, status, asked, violations, waived, open }) => ({
      id: rule.id,
      title: rule.title,
      level,
      status,
      asked,
      violations,
      waived: waived.map(({ violation, waiver }) => ({ ...violation, waiver })),
      notEvaluated: open,
      ...(status === "violated" ? { why: rule.why, fix: rule.fix, sources: rule.sources } : {}),
    })),
  };
  return JSON.stringify(report, undefined, 2);
}

function verdictOf({ level, status, violations, open, asked }: Result): string {
  switch (status) {
    case "violated":
      return `${level === "mandatory" ? "BROKEN" : "advice"} (${String(violations.length)})`;
    case "not evaluated":
      return `not evaluated (${String(new Set(open.map(({ urn }) => urn)).size)} of ${String(asked)})`;
    case "passed":
    case "waived":
    case "not applicable":
      return status;
  }
}

function renderViolated({ rule, level, violations }: Result): string[] {
  return [
    `  ${rule.id} ${level === "mandatory" ? "is broken" : "is advice"}: ${rule.title}`,
    ...violations.flatMap(({ urn, message }) => [`    ${nameOf(urn)} ${message}.`, `      ${urn}`]),
    `    why:  ${rule.why}`,
    `    fix:  ${rule.fix}`,
  ];
}

function renderWaived({ rule, waived }: Result): string[] {
  return [
    `  ${rule.id} is waived: ${rule.title}`,
    ...waived.flatMap(({ violation, waiver }) => [
      `    ${nameOf(violation.urn)} ${violation.message}.`,
      `      ${waiver.owner}, until ${waiver.expires}: ${waiver.reason}`,
    ]),
  ];
}

function renderOpen({ rule, open }: Result): string[] {
  return [
    `  ${rule.id} cannot be told yet: ${rule.title}`,
    ...open.map(({ urn, reason }) => `    ${nameOf(urn)}: ${reason}.`),
  ];
}

function sentence(environment: string, results: readonly Result[]): string {
  const count = (status: Status, level?: string): number =>
    results.filter((result) => result.status === status && (level === undefined || result.level === level)).length;
  const open = count("not evaluated");
  const rest = [
    `${String(count("passed"))} passed`,
    `${String(count("not applicable"))} not applicable`,
    ...(count("waived") === 0 ? [] : [`${String(count("waived"))} waived`]),
    ...(count("violated", "advisory") === 0 ? [] : [`${String(count("violated", "advisory"))} with advice`]),
    ...(open === 0 ? [] : [`${String(open)} not evaluated, for want of values that only the change itself tells`]),
  ].join(", ");
  const broken = count("violated", "mandatory");
  const verdict = mayBeMade(results)
    ? `The change of ${environment} breaks no mandatory rule`
    : `The change of ${environment} must not be made: it breaks ${String(broken)} mandatory ${broken === 1 ? "rule" : "rules"}`;
  return `${verdict}. Of ${String(results.length)} rules: ${rest}.`;
}

function totals(results: readonly Result[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { status } of results) all[status] = (all[status] ?? 0) + 1;
  return all;
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
