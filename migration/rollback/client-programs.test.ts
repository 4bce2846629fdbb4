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
