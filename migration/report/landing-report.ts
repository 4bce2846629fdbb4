import { createHash } from "node:crypto";
import type {
  KeptReport,
  LandedFiles,
  LandedTable,
  LandingReport,
  RuleFigures,
} from "@landfall/app/console/landing-report";
import { planHash } from "../plans/hash.ts";
import { mappedTables, type Plan, type PlanTable } from "../plans/plan.ts";
import { repairsOf } from "../plans/repairs.ts";
import type { SystemReport } from "../report.ts";
import { leftBehind, targetOf } from "../target/status.ts";
import { differencesOf } from "./differences.ts";

/** What a landing's record is made of. */
export interface LandingFacts {
  readonly plan: Plan;
  /** What the engine has told; undefined where it was refused or never got that far. */
  readonly outcome: SystemReport | undefined;
  readonly files: LandedFiles;
  /** Reasons of the quarantine's rules, by table and rule. */
  readonly quarantine: readonly RuleFigures[];
  readonly seconds: number;
  readonly release: string;
  readonly source: string;
  readonly target: string;
  readonly error?: string;
  readonly faults?: readonly string[];
}

/** The record of a landing: every legacy table of the plan has its row, also where nothing is known of it. */
export function landingReport(facts: LandingFacts): LandingReport {
  const { plan, outcome, error, faults } = facts;
  const differences = differencesOf(outcome?.verification ?? []);
  return {
    system: plan.system,
    ok: error === undefined && outcome?.state === "verified" && differences.length === 0,
    seconds: Math.round(facts.seconds * 1000) / 1000,
    ...(error === undefined ? {} : { error }),
    ...(faults === undefined ? {} : { faults }),
    state: outcome?.state ?? "planned",
    copiedNow: outcome?.copiedNow ?? false,
    release: facts.release,
    run: outcome?.runId ?? null,
    plan: outcome?.planHash ?? planHash(plan),
    source: facts.source,
    target: facts.target,
    startedAt: outcome?.startedAt ?? null,
    finishedAt: outcome?.finishedAt ?? null,
    tables: tablesOf(plan, outcome),
    files: facts.files,
    verification: {
      checked: outcome?.verification.length ?? 0,
      differences,
      checks: (outcome?.verification ?? []).map(({ name, subject, passed, expected, found }) => ({
        name,
        subject,
        passed,
        expected,
        found,
      })),
    },
    repairs: repairsWithReasons(plan, outcome),
    quarantine: facts.quarantine,
    rollbackPoint: outcome?.rollbackPoint ?? null,
  };
}

function tablesOf(plan: Plan, outcome: SystemReport | undefined): LandedTable[] {
  const known = new Map((outcome?.tables ?? []).map((table) => [table.source, table]));
  const views = new Set((plan.views ?? []).map(({ name }) => name));
  const own = plan.tables
    .filter(({ source }) => !views.has(source))
    .map((table): LandedTable => {
      const figures = known.get(table.source);
      const rows = figures?.sourceRows ?? 0;
      const isDropped = table.disposition === "dropped";
      return {
        source: table.source,
        target: targetOf(table) ?? null,
        disposition: table.disposition,
        rows,
        landed: isDropped ? 0 : (figures?.targetRows ?? 0),
        quarantined: figures?.quarantinedRows ?? 0,
        repaired: figures?.repairedRows ?? 0,
        dropped: isDropped ? rows : 0,
        ...reasonOf(table),
        seconds: figures?.seconds ?? 0,
      };
    });
  const planned = new Set(plan.tables.map(({ source }) => source));
  // Tables that the plan does not know and that were left behind by name.
  const ignored = [...known.values()]
    .filter(({ source }) => !planned.has(source))
    .map(({ source, sourceRows }): LandedTable => ({
      source,
      target: null,
      disposition: "dropped",
      rows: sourceRows,
      landed: 0,
      quarantined: 0,
      repaired: 0,
      dropped: sourceRows,
      reason: leftBehind,
      seconds: 0,
    }));
  return [...own, ...ignored];
}

const reasonOf = (table: PlanTable): { reason?: string } =>
  table.disposition === "mapped" ? {} : { reason: table.reason };

function repairsWithReasons(plan: Plan, outcome: SystemReport | undefined): RuleFigures[] {
  const tables = new Map(mappedTables(plan).map((table) => [table.source, table]));
  return (outcome?.repairs ?? []).map(({ table, rule, rows }) => {
    const mapped = tables.get(table);
    const repair = mapped === undefined ? undefined : repairsOf(plan, mapped).find(({ name }) => name === rule);
    return { table, rule, rows, reason: repair?.reason ?? "" };
  });
}

/** A report as it is kept and handed on; the digest is of the very bytes. */
export function keep(report: LandingReport): KeptReport {
  const text = `${JSON.stringify(report, null, 2)}\n`;
  return { text, sha256: createHash("sha256").update(text).digest("hex") };
}
