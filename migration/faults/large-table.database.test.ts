import { expect, test } from "vitest";
import { createDatabase } from "../../test/services/services.ts";
import { verifyCommand } from "../commands/verify.ts";
import { createLegacy, discard } from "../test/legacy.ts";
import { ask, landAs, readReport, settingsFor, silent } from "../test/landing.ts";
import { findingsOf } from "./findings.ts";

/** Rows that the table has at least. */
const rows = Number(process.env["LANDFALL_LARGE_TABLE"] ?? "1000000");

test("one character in a table of a million rows is found, and its row and column are named", async () => {
  const [source, target] = [await createLegacy("learnmore"), await createDatabase()];
  try {
    await ask(
      source,
      `INSERT INTO analytics_event (id, user_id, kind, object_type_id, object_id, payload, ip, at)
       SELECT md5(id::text || n)::uuid, user_id, kind, object_type_id, object_id, payload, ip, at
       FROM analytics_event CROSS JOIN generate_series(1, ${Math.floor(rows / 6000).toString()}) n`,
    );
    const settings = settingsFor(source, target, { chunkRows: 50_000 });
    expect((await landAs(settings)).state).toBe("verified");
    const [spoiled] = await ask<{ legacyId: string }>(
      target,
      `UPDATE analytics.events SET kind = overlay(kind placing '#' from 2 for 1) WHERE id =
         (SELECT id FROM analytics.events OFFSET ${Math.floor(rows / 2).toString()} LIMIT 1) RETURNING legacy_id AS "legacyId"`,
    );
    const again = settingsFor(source, target);
    await expect(verifyCommand(again, silent)).rejects.toThrow(/learnmore differs in 1 of/);
    const { verification, tables } = readReport(again);
    expect(tables.find((table) => table.source === "analytics_event")?.targetRows).toBeGreaterThan(rows);
    expect(findingsOf(verification)).toEqual([
      {
        check: "content",
        subject: "analytics.events",
        legacyId: spoiled?.legacyId,
        fault: "differs",
        columns: ["kind"],
      },
    ]);
  } finally {
    await discard(source, target);
  }
}, 1_800_000);
