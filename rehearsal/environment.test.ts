import { expect, test } from "vitest";
import type { Cloud } from "./cloud/cloud.ts";
import { rehearsalEnvironment } from "./environment.ts";

const cloud: Cloud = {
  stack: "staging",
  folder: "/nowhere/staging",
  prefix: "198.51.100",
  tokens: { linode: "rehearsal-l", cloudflare: "rehearsal-c" },
};

test("a rehearsal has the cloud's tokens and none by which something real could be reached", () => {
  const environment = rehearsalEnvironment(cloud, {
    PATH: "/bin",
    LINODE_TOKEN: "real",
    LINODE_URL: "https://api.linode.com",
    CLOUDFLARE_API_KEY: "real",
    AWS_SECRET_ACCESS_KEY: "real",
    PULUMI_BACKEND_URL: "s3://real",
    PULUMI_CONFIG_PASSPHRASE: "real",
    SSH_AUTH_SOCK: "/real",
  });
  expect(environment).toEqual({
    PATH: "/bin",
    LANDFALL_REHEARSAL: "/nowhere/staging",
    LANDFALL_RESOLVER: "198.51.100.2",
    LINODE_TOKEN: "rehearsal-l",
    CLOUDFLARE_API_TOKEN: "rehearsal-c",
  });
});
