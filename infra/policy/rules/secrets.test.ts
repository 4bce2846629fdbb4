import { expect, test } from "vitest";
import { faults, given, untold, type Mutations } from "../testing/estate.ts";
import { secret, unknown } from "../value.ts";

const variables = (...envs: readonly unknown[]): Mutations => ({ "app-1": given({ envs }) });

const broken: readonly (readonly [Mutations, string])[] = [
  [variables("DB_PASSWORD=x"), "app-1 has the secret DB_PASSWORD in clear in its environment"],
  [variables("TOKEN=x"), "app-1 has the secret TOKEN in clear in its environment"],
  [variables("SECRET_KEY=x"), "app-1 has the secret SECRET_KEY in clear in its environment"],
  [
    variables("DATABASE_URL=postgres://landfall:x@postgres/landfall"),
    "app-1 has a password in clear in its environment, in the address DATABASE_URL",
  ],
  [variables("LOG_LEVEL=info", secret), "app-1 has a secret in its environment, which docker inspect shows"],
  [{ "app-1": given({ envs: secret }) }, "app-1 has a secret in its environment, which docker inspect shows"],
  [{ "app-1": given({ command: secret }) }, "app-1 has a secret in its command, which docker inspect shows"],
  [
    { "app-1": given({ labels: [{ label: "x", value: secret }] }) },
    "app-1 has a secret in its labels, which docker inspect shows",
  ],
  [{ "app-1": given({ entrypoints: [secret] }) }, "app-1 has a secret in its entrypoints, which docker inspect shows"],
];

test.each(broken)("a secret that docker inspect shows breaks D11 (%#)", (mutations, message) => {
  expect(faults("D11", mutations)).toEqual([message]);
});

test("paths of files, names of kinds and empty values are no secrets", () => {
  const fine = ["DB_PASSWORD_FILE=/run/secrets/x", "ACME_KEY_TYPE=ec256", "TOKEN=", "MONKEY=x", "URL=https://a:443/@x"];
  expect(faults("D11", variables(...fine))).toEqual([]);
});

test("a variable that only sounds like a secret is allowed by the settings", () => {
  const options = { rules: { D11: { allow: ["PUBLIC_KEY"] } }, waivers: [] };
  expect(faults("D11", variables("PUBLIC_KEY=x"))).toHaveLength(1);
  expect(faults("D11", variables("PUBLIC_KEY=x"), options)).toEqual([]);
});

test("no message repeats a secret", () => {
  expect(faults("D11", variables("DB_PASSWORD=hunter2", "A=ftp://me:hunter2@x/")).join()).not.toContain("hunter2");
});

test("a variable that is not known yet is not evaluated, and hides no other", () => {
  expect(untold("D11", variables(unknown))).toEqual([
    "not evaluated",
    "app-1: envs[0] is not known before the change is made",
  ]);
  expect(untold("D11", variables(unknown, "TOKEN=x"))[0]).toBe("violated");
});
