import { expect, test } from "vitest";
import { secretsOf } from "./secrets.ts";

const secret = (value: unknown): unknown => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

test("every secret text of a state is found, in files and keys too, and nothing that is no secret", () => {
  const exported = JSON.stringify({
    deployment: {
      resources: [
        { urn: "urn:pulumi:s::p::t::password", outputs: { length: 40, result: secret("abcdefghijklmnop") } },
        {
          urn: "urn:pulumi:s::p::t::files",
          inputs: {
            files: secret({
              "redis.conf": "port 6379\nrequirepass AAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
              "userlist.txt": '"landfall_app" "BBBBBBBBBBBBBBBBBBBBBBBBBBBB"\n',
            }),
            owner: 999,
            volume: "landfall-local-redis-secrets",
          },
        },
        {
          urn: "urn:pulumi:s::p::t::key",
          outputs: {
            privateKey: secret(
              "-----BEGIN PRIVATE KEY-----\nCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC\n-----END PRIVATE KEY-----\n",
            ),
          },
        },
      ],
    },
  });
  expect(secretsOf(exported)).toEqual([
    { place: "password outputs", value: "abcdefghijklmnop" },
    { place: "files inputs", value: "AAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
    { place: "files inputs", value: "BBBBBBBBBBBBBBBBBBBBBBBBBBBB" },
    { place: "key outputs", value: "C".repeat(52) },
  ]);
});
