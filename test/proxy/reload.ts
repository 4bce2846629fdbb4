import { expect, onTestFinished, test } from "vitest";
import { putFiles } from "../../infra/engine/archive.ts";
import { execute } from "../../infra/engine/execute.ts";
import type { KeyPair } from "../../infra/certificates/authority.ts";
import { X509Certificate } from "node:crypto";
import { engine, logOf } from "../stacks/docker.ts";
import { until } from "../stacks/until.ts";
import { ask, askAgainAndAgain, keptConnection, servedSerial } from "./client.ts";
import type { Estate } from "./estate.ts";
import { sayOver } from "./serving.ts";

const folder = "/var/lib/certificates";

/** How a change is taken up. */
export function reloadsWithoutALoss(estate: () => Estate): void {
  test("reloads under load lose no request, on connections that are kept either", async () => {
    const slow = ask(estate().place, { path: "/slow?milliseconds=2500" });
    const load = startLoad(estate());
    onTestFinished(async () => {
      await load.stop();
    });
    for (const perMinute of [70_000, 80_000, 90_000]) {
      await estate().deliver(estate().site({ rateLimit: { perMinute, burst: 10_000 } }));
    }
    const { answers, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(answers.length).toBeGreaterThan(50);
    expect((await slow).status).toBe(200);
  });

  test("what the server refuses changes nothing", async () => {
    await estate().deliver(estate().site());
    const serial = await servedSerial(estate().place);
    await expect(estate().deliverFault()).rejects.toThrow(/goes on with the old one:\n.*nonsense/s);
    const [{ certificate }, { privateKey }] = [await estate().certificate(), await estate().certificate()];
    const mixed = estate().deliver(estate().site({ maintenance: true }), { certificate, privateKey });
    await expect(mixed).rejects.toThrow(/goes on with the old one:\n.*(mismatch|not match)/s);
    expect(await servedSerial(estate().place)).toBe(serial);
    expect((await ask(estate().place, { method: "POST" })).status).toBe(200);
    expect(await sayOver(estate(), "as before")).toBe("a: as before");
  });

  test("a renewed certificate is taken up by itself, and one that is of no use is not", async () => {
    const [first, second, third] = [
      await estate().certificate(),
      await estate().certificate(),
      await estate().certificate(),
    ];
    await renew(estate(), "1", first);
    const challenges = `${folder}/challenges`;
    const certificate = { kind: "folder", path: `${folder}/current`, challenges } as const;
    await estate().deliver(estate().site({ certificate }), first);
    await renew(estate(), "2", second);
    await until("the renewed certificate", async () => (await servedSerial(estate().place)) === serialOf(second));
    await renew(estate(), "3", { certificate: third.certificate, privateKey: first.privateKey });
    const { Id } = await estate().container("proxy").inspect();
    await until("a word about it", async () =>
      /not reloaded, with the certificate in releases\/3: ./.test(await logOf(Id)),
    );
    expect(await servedSerial(estate().place)).toBe(serialOf(second));
    const answer = await ask(estate().place, { path: "/.well-known/acme-challenge/token" });
    expect([answer.status, answer.body]).toEqual([200, "an answer"]);
    await estate().deliver(estate().site());
  });
}

/** Clients that keep their connections and ask all the time. */
function startLoad({ place }: Estate): { stop(): Promise<{ answers: number[]; failures: string[] }> } {
  const answers: number[] = [];
  const failures: string[] = [];
  let stopped = false;
  const clients = Array.from({ length: 6 }, async (_, client) => {
    const agent = keptConnection();
    const headers = { "cf-connecting-ip": `203.0.113.${String(100 + client)}` };
    while (!stopped) {
      try {
        answers.push((await askAgainAndAgain(place, agent, { headers })).status);
      } catch (error) {
        failures.push(String(error));
      }
    }
    agent.destroy();
  });
  return {
    async stop() {
      stopped = true;
      await Promise.all(clients);
      return { answers, failures };
    },
  };
}

/** Puts a certificate where the server's own renewal does, and makes it the current one by a rename. */
async function renew(estate: Estate, release: string, { certificate, privateKey }: KeyPair): Promise<void> {
  const container = (await estate.container("proxy").inspect()).Id;
  const file = (content: string) => ({ content, mode: 0o400, owner: 996 });
  await putFiles(
    engine,
    { container, folder },
    {
      [`releases/${release}/certificate.pem`]: file(certificate),
      [`releases/${release}/key.pem`]: file(privateKey),
      "challenges/.well-known/acme-challenge/token": file("an answer"),
    },
  );
  const link = `ln -sfn releases/${release} ${folder}/next && mv -T ${folder}/next ${folder}/current`;
  const signal = AbortSignal.timeout(10_000);
  const { exitCode, stderr } = await execute(engine, { container, command: ["sh", "-c", link], signal });
  expect([exitCode, stderr]).toEqual([0, ""]);
}

function serialOf({ certificate }: KeyPair): string {
  return new X509Certificate(certificate).serialNumber;
}
