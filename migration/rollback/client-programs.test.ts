import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { withEnvironment } from "./client-programs.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const userOf = (config: Parameters<typeof withEnvironment>[0]): Promise<string | undefined> =>
  withEnvironment(config, (environment) => Promise.resolve(environment["PGUSER"]));

test("the programs go by the user that the address names", async () => {
  vi.stubEnv("PGUSER", "somebody");
  expect(await userOf({ host: "localhost", database: "landfall", user: "landfall" })).toBe("landfall");
});

test("where the address names none, they go by the user that the driver has taken", async () => {
  vi.stubEnv("PGUSER", "somebody");
  expect(await userOf({ host: "localhost", database: "landfall" })).toBe("somebody");
});

const tlsOf = (ssl: Parameters<typeof withEnvironment>[0]["ssl"]): Promise<Record<string, string>> =>
  withEnvironment(
    { host: "db", database: "landfall", user: "landfall", ...(ssl === undefined ? {} : { ssl }) },
    (environment) =>
      Promise.resolve(
        Object.fromEntries(
          Object.entries(environment).flatMap(([name, value]) =>
            name.startsWith("PGSSL") ? [[name, value.startsWith("/") ? readFileSync(value, "utf8") : value]] : [],
          ),
        ),
      ),
  );

test("the programs prove the server as the driver does", async () => {
  expect(await tlsOf(undefined)).toEqual({ PGSSLMODE: "disable" });
  expect(await tlsOf({ rejectUnauthorized: false })).toEqual({ PGSSLMODE: "require" });
  expect(await tlsOf({ ca: "ours", rejectUnauthorized: true })).toEqual({
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: "ours",
  });
  expect(await tlsOf({ ca: "ours", checkServerIdentity: () => undefined })).toMatchObject({ PGSSLMODE: "verify-ca" });
  const known = await tlsOf({ rejectUnauthorized: true, cert: "client", key: Buffer.from("key") });
  expect(known).toMatchObject({ PGSSLMODE: "verify-full", PGSSLCERT: "client", PGSSLKEY: "key" });
  expect(known["PGSSLROOTCERT"]).toContain("BEGIN CERTIFICATE");
});
