import { readFileSync } from "node:fs";
import type { Account } from "./account.ts";
import { serveAcme } from "./acme/serve.ts";
import { serveCloudflare } from "./cloudflare.ts";
import { serveHooks } from "./hooks/serve.ts";
import { serveLinode } from "./names/linode.ts";
import { accountFile } from "./places.ts";

const account = JSON.parse(readFileSync(accountFile, "utf8")) as Account;
const part = process.argv[2];
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
switch (part) {
  case "cloudflare":
    serveCloudflare(account);
    break;
  case "acme":
    await serveAcme(account);
    break;
  case "linode-names":
    await serveLinode(account);
    break;
  case "hooks":
    await serveHooks();
    break;
  default:
    throw new Error(
      `"${String(part)}" is no part of the rehearsal's internet: cloudflare, acme, linode-names or hooks.`,
    );
}
