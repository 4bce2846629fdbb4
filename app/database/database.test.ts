import { expect, test } from "vitest";
import { openPool } from "./database.ts";

const address = { host: "db", port: 5432, database: "landfall", user: "landfall", password: "", poolSize: 1 };

test("a pool encrypts its connections as its address says, and proves the server where an authority is known", () => {
  const ssl = (more: object): unknown => openPool({ ...address, ...more }, () => undefined).options.ssl;
  expect(ssl({})).toBeUndefined();
  expect(ssl({ authority: "ours" })).toEqual({ ca: "ours", rejectUnauthorized: true });
  expect(ssl({ tls: { rejectUnauthorized: false } })).toEqual({ rejectUnauthorized: false });
});
