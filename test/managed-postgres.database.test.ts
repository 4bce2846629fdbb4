import type { Container } from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { passJobGate } from "../infra/gates/job.ts";
import { engineAddress } from "../tools/engine.ts";
import { Estate } from "./services/estate.ts";
import { asManaged, asRole, asSuperuser, passwords, runPostgres, runPreparation } from "./services/postgres.ts";

let estate: Estate;
let managed: Container;
let own: Container;

beforeAll(async () => {
  estate = await Estate.open();
  [managed, own] = await Promise.all([runPostgres(estate, "managed", 61), runPostgres(estate, "own", 31)]);
  await asManaged(estate, managed);
});
afterAll(() => estate.close());

async function prepare(leastConnections?: number, host = "managed", deadlineSeconds = 60): Promise<string> {
  const job = await runPreparation(estate, host, leastConnections);
  const gate = {
    engine: engineAddress,
    container: job.id,
    purpose: "make the roles",
    deadlineSeconds,
    triggers: {},
  };
  return (await passJobGate(gate)).outs.words;
}

/** Everything about roles, database and schemas that says who may do what. */
const rights = `SELECT jsonb_pretty(jsonb_build_object(
  'roles', (SELECT jsonb_object_agg(rolname, ARRAY[rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls])
    FROM pg_roles WHERE rolname LIKE 'landfall%'),
  'members', (SELECT jsonb_agg(ARRAY[roleid::regrole::text, m.member::regrole::text, inherit_option::text, set_option::text])
    FROM pg_auth_members m WHERE m.member = 'landfall_owner'::regrole),
  'database', (SELECT ARRAY[datdba::regrole::text, datacl::text, pg_encoding_to_char(encoding), datlocprovider::text,
    datlocale, datcollate, datctype] FROM pg_database WHERE datname = 'landfall'),
  'schema', (SELECT ARRAY[nspowner::regrole::text, nspacl::text] FROM pg_namespace WHERE nspname = 'public'),
  'defaults', (SELECT jsonb_agg(ARRAY[defaclrole::regrole::text, defaclobjtype::text, defaclacl::text] ORDER BY defaclobjtype)
    FROM pg_default_acl)))`;

test("an administrator who is no superuser gets the same roles and rights as the container, again and again", async () => {
  expect(await prepare()).toMatch(
    /^landfall_owner and landfall_app have the database landfall on managed: PostgreSQL 17/,
  );
  const wanted = await asSuperuser(estate, own, rights);
  expect(await asSuperuser(estate, managed, rights)).toBe(wanted);
  await prepare();
  expect(await asSuperuser(estate, managed, rights)).toBe(wanted);
});

test("the owner makes tables there, and the service reads and writes their rows", async () => {
  const place = {
    host: estate.address(61),
    port: 5432,
    database: "landfall",
    ssl: { ca: estate.authority.certificate },
  };
  const owner = { ...place, user: "landfall_owner", password: passwords.landfall_owner };
  await asRole(owner, "CREATE SCHEMA learning; CREATE TABLE learning.notes (body text)");
  const service = { ...place, user: "landfall_app", password: passwords.landfall_app };
  await asRole(service, "INSERT INTO learning.notes VALUES ('one')");
  await expect(asRole(service, "CREATE TABLE learning.mine ()")).rejects.toThrow("permission denied");
});

test("passwords reach the server hashed, and never its log", async () => {
  await asSuperuser(estate, managed, "ALTER SYSTEM SET log_statement = 'all'");
  await asSuperuser(estate, managed, "SELECT pg_reload_conf()");
  await prepare();
  const log = await estate.log(managed);
  expect(log).toMatch(/ALTER (ROLE|USER) "?landfall_owner"? PASSWORD 'SCRAM-SHA-256/);
  for (const password of [passwords.landfall_owner, passwords.landfall_app]) expect(log).not.toContain(password);
});

test("a cluster that takes too few connections is refused with what to do", async () => {
  await expect(prepare(500)).rejects.toThrow(
    "the server takes 40 connections, landfall:postgres.maxConnections wants 500. Lower it, or choose a larger plan.",
  );
});

test("a cluster that does not answer is waited for until the deadline, and the gate says what was heard", async () => {
  // Nothing listens on the job's own loopback address, which it hears at once: a name may take a resolver seconds.
  await expect(prepare(40, "127.0.0.1", 5)).rejects.toThrow(
    /did not make the roles: it did not end within 5 s and was stopped[\s\S]*Connection refused/,
  );
});
