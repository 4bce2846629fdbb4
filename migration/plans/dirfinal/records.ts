import { filled } from "../filled.ts";
import { computed, copy, id, named, reference, windowSize, type MappedTable, type PlanTable } from "../plan.ts";
import { asJson, back, longestName, missing, notJson, oneOf } from "./rules.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

const scoreEvents: MappedTable = {
  disposition: "mapped",
  source: "score_event",
  target: "directory.score_events",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    user_id: reference("user_id", "user"),
    points: copy("points", "bigint"),
    reason: copy("reason", "text"),
    at: copy("at", "timestamptz"),
  },
  unreadable: { points: "reject" },
  rejects: [missing("user_id"), missing("points")],
};

const moderation: MappedTable = {
  disposition: "mapped",
  source: "moderation_item",
  target: "directory.moderation_items",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    kind: copy("kind", "text"),
    object_id: computed({
      from: ["kind", "target_id"],
      sql: `CASE WHEN t.kind IN ('entry', 'image') AND t.target_id BETWEEN 0 AND ${(windowSize - 1).toString()}
            THEN {window} + t.target_id END`,
      type: "bigint",
    }),
    legacy_object_id: copy("target_id", "text"),
    state: copy("state", "text"),
    moderator_id: reference("moderator_id", "user", "clear"),
    reason: copy("reason", "text"),
    at: copy("at", "timestamptz"),
  },
  repairs: [
    oneOf("state", {
      words: ["open", "approved", "rejected"],
      otherwise: "open",
      reason: "the item was neither approved nor rejected in so many words, and waits for somebody to look",
    }),
  ],
};

/** What the text stands for as its kind says; a text of no known kind is a text. */
const configurationValue = `CASE t.kind
  WHEN 'int' THEN (SELECT to_jsonb(number) FROM migration.read_numeric(t.value) number WHERE number = trunc(number))
  WHEN 'float' THEN to_jsonb(migration.read_numeric(t.value))
  WHEN 'bool' THEN to_jsonb(migration.read_boolean(t.value))
  WHEN 'json' THEN migration.read_jsonb(t.value)
  ELSE to_jsonb(t.value) END`;

const configuration: MappedTable = {
  disposition: "mapped",
  source: "system_config",
  target: "operations.system_configuration",
  key: "key",
  range: { column: "key", target: "key", kind: "text" },
  columns: {
    id: named("key"),
    key: copy("key", "text"),
    kind: copy("kind", "text"),
    value: computed({ from: ["kind", "value"], sql: configurationValue, type: "jsonb" }),
    stored: copy("value", "text"),
  },
  repairs: [
    {
      name: "kind-unknown",
      column: "value",
      when: "t.kind IS NULL OR t.kind NOT IN ('str', 'int', 'float', 'bool', 'json')",
      reason: "no kind that we know says what the text stands for, so it stands for itself",
    },
    {
      name: "value-of-another-kind",
      column: "value",
      when: `t.value IS NOT NULL AND ${configurationValue} IS NULL`,
      reason: "the text is no value of its kind; it is kept as it was stored, and stands for nothing",
    },
  ],
  rejects: [
    {
      name: "key-too-long",
      when: `octet_length(t.key) > ${longestName.toString()}`,
      reason: "no index holds such a key",
    },
  ],
};

// What has no address's letters is not tried: a failed attempt costs more than the whole row.
const address = "CASE WHEN t.ip ~ '^[0-9A-Fa-f.:/ ]+$' THEN migration.read_inet(t.ip) END";

const auditTrail: MappedTable = {
  disposition: "mapped",
  source: "audit_log",
  target: "operations.audit_log",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    at: copy("at", "timestamptz"),
    user_id: reference("user_id", "user", "clear"),
    action: copy("action", "text"),
    object_title: computed({ from: [], sql: "''", type: "text" }),
    change_message: computed({ from: [], sql: "''", type: "text" }),
    detail: computed({ from: ["detail"], sql: asJson("detail"), type: "jsonb", once: true }),
    ip: computed({ from: ["ip"], sql: address, type: "inet", once: true }),
  },
  repairs: [
    filled("action", { target: "action", then: "''", reason: "that somebody did something is worth keeping" }),
    notJson("detail"),
    {
      name: "ip-not-an-address",
      column: "ip",
      when: `t.ip IS NOT NULL AND (${address}) IS NULL`,
      reason: "ip is no address, and is left empty",
    },
    {
      name: "ip-rewritten",
      column: "ip",
      when: `t.ip NOT IN (host(${address}), (${address})::text)`,
      reason: "the address has a shorter form, which is the one that lands",
    },
  ],
  unreadable: { at: "reject" },
  rejects: [missing("at")],
  back: {
    detail: back("detail", "detail::text"),
    ip: back(
      "ip",
      "CASE WHEN masklen(ip) = CASE family(ip) WHEN 4 THEN 32 ELSE 128 END THEN host(ip) ELSE ip::text END",
    ),
  },
};

/** Points, approvals, settings, and the audit trail. */
export const records: readonly PlanTable[] = [scoreEvents, moderation, configuration, auditTrail];
