import { readFileSync } from "node:fs";
import { loadDirty } from "../plans/unpuzzle/test/sample.ts";
import { unpackSample } from "../plans/dirfinal/test/sample.ts";
import { plans } from "../plans/plans.ts";
import type { Plan } from "../plans/plan.ts";
import type { Settings } from "../settings.ts";
import type { SourceAddress } from "../sources/address.ts";
import { createLegacy, discard } from "../test/legacy.ts";
import { ask, settingsFor } from "../test/landing.ts";
import type { TestDatabase } from "../../test/services/services.ts";

/** The sample of a system with rows in it that go to quarantine, and rows that are repaired. */
export interface DirtySource {
  readonly plan: Plan;
  settings(target: TestDatabase, changes?: Partial<Settings>): Settings;
  close(): Promise<void>;
}

/** What is wrong in the PostgreSQL samples; the others bring their own. */
const dirt: Readonly<Record<string, string>> = {
  learnmore: `UPDATE auth_user SET date_joined = 'infinity' WHERE id = 10; UPDATE auth_user SET last_login = '-infinity' WHERE id = 12;
    UPDATE quizzes_attempt SET score = 'NaN' WHERE id = 3; UPDATE quizzes_attempt SET started_at = 'infinity' WHERE id < 3;
    UPDATE accounts_profile SET birth_date = '4713-01-01 BC' WHERE id = 5`,
  openlearn: `ALTER TABLE documents DROP CONSTRAINT documents_source_id_fkey;
    INSERT INTO documents (id) VALUES (-7), (-8), (-9), (-10), (-11); INSERT INTO sources (id, name) VALUES (-1, 'below');
    UPDATE users SET created_at = 'infinity' WHERE id = 10; UPDATE users SET role = '' WHERE id = 14;
    UPDATE documents SET source_id = 9999, sentiment = 'NaN', published_at = '-infinity' WHERE id < 10;
    UPDATE scrape_runs SET items = -1 WHERE id < 5`,
  listcutter: `ALTER TABLE lists_cutjob DROP CONSTRAINT lists_cutjob_saved_filter_id_b941458c_fk_lists_savedfilter_id;
    UPDATE lists_cutjob SET rows_in = -1 WHERE id < 6; UPDATE lists_cutjob SET rows_out = -1 WHERE id IN (6, 7);
    UPDATE lists_cutjob SET saved_filter_id = 99999 WHERE id IN (8, 9); UPDATE lists_uploadedfile SET row_count = -3
    WHERE id = '28e0e2bc-43a1-4448-8c8c-fdf87f499940'`,
};

/** Makes a system's dirty source, with a server's database or a file of its own. */
export async function openDirtySource(system: string): Promise<DirtySource> {
  const plan = plans.get(system);
  if (plan === undefined) throw new Error(`There is no plan for ${system}.`);
  const { address, close } = await openAddress(plan);
  const sources = new Map([[system, address]]);
  return {
    plan,
    settings: (target, changes = {}) => settingsFor(target, target, { systems: [system], sources, ...changes }),
    close,
  };
}

async function openAddress(plan: Plan): Promise<{ address: SourceAddress; close: () => Promise<void> }> {
  switch (plan.engine) {
    case "postgresql": {
      const config = await createLegacy(plan.system);
      await ask(config, dirt[plan.system] ?? "");
      return { address: { kind: "postgresql", config }, close: () => discard(config) };
    }
    case "mariadb": {
      const source = await loadDirty();
      const { host, port, user, password, database } = source;
      return {
        address: { kind: "mariadb", config: { host, port, user, password, database } },
        close: () => source.drop(),
      };
    }
    case "sqlite": {
      const sample = unpackSample(readFileSync(new URL("../plans/dirfinal/test/dirt.sql", import.meta.url), "utf8"));
      return {
        address: { kind: "sqlite", path: sample.path },
        close: () => {
          sample.remove();
          return Promise.resolve();
        },
      };
    }
  }
}
