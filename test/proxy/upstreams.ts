import { expect, onTestFinished, test } from "vitest";
import { logOf } from "../stacks/docker.ts";
import { until } from "../stacks/until.ts";
import { ask, type Answer } from "./client.ts";
import type { Estate } from "./estate.ts";
import { sayOver } from "./serving.ts";

const clients = 6;

/** How requests reach several app servers. */
export function asksAppServers(estate: () => Estate): void {
  const nameOf = (answer: Answer): unknown => answer.json()["name"];
  const names = async (count: number): Promise<unknown[]> => {
    const answers = [];
    for (let index = 0; index < count; index++) answers.push(nameOf(await ask(estate().place)));
    return answers;
  };

  test("requests go to every app server, over TLS, as they came", async () => {
    await estate().deliver(estate().site({ upstream: estate().servers() }));
    expect(new Set(await names(8))).toEqual(new Set(["a", "b"]));
    const path = "/a%2Fb%20c//d?q=%3F";
    const headers = { "cf-connecting-ip": "203.0.113.9" };
    const answer = (await ask(estate().place, { path, method: "PUT", body: "text", headers })).json();
    expect(answer).toMatchObject({ url: path, method: "PUT", body: "text" });
    expect(answer["headers"]).toMatchObject({
      host: "learn.example.com",
      "x-forwarded-for": "203.0.113.9",
      "x-forwarded-host": "learn.example.com",
      "x-forwarded-proto": "https",
    });
    expect(await sayOver(estate(), "hello")).toMatch(/^[ab]: hello$/);
    expect((await ask(estate().place, { path: "/health/ready", host: "other.example.com" })).status).toBe(200);
  });

  test("the service's own refusals are not taken for a server's failure", async () => {
    for (const status of [429, 500, 503]) {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => ask(estate().place, { path: `/status?status=${String(status)}` })),
      );
      expect(answers.map((answer) => answer.status)).toEqual([status, status, status, status]);
      expect(answers.map(nameOf)).toEqual(Array.from({ length: 4 }, () => expect.toBeOneOf(["a", "b"]) as unknown));
    }
    expect(new Set(await names(8))).toEqual(new Set(["a", "b"]));
  });

  test("a write that may have been made is not made again elsewhere", async () => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      let lost = 0;
      for (let index = 0; lost === 0; index++) {
        const id = `${method}-${String(index)}`;
        const { status } = await ask(estate().place, { method, path: `/drop?at=b&id=${id}`, body: "x" });
        const times = await Promise.all((["a", "b"] as const).map((name) => countOf(estate(), name, id)));
        expect(times.reduce((sum, time) => sum + time)).toBe(1);
        if (status !== 200) {
          expect(status).toBe(503);
          lost++;
        }
        // One that has just failed is left out for a while.
        if (lost === 0) await until("the other server's turn", async () => nameOf(await ask(estate().place)) === "a");
      }
    }
  });

  test("a server with a certificate of another authority, or for another name, is not asked", async () => {
    await until("both", async () => new Set(await names(6)).size === 2);
    const { Id } = await estate().container("proxy").inspect();
    for (const [wrong, reason] of [
      ["name", /does not match|match for (the )?expected (server )?name|AH00898: Error during SSL Handshake/],
      ["authority", /verify error|AH02039|Certificate Verification: Error/],
    ] as const) {
      const before = (await logOf(Id)).length;
      await estate().deliverBackend("b", wrong);
      await until(`a refusal of its ${wrong}`, async () => {
        await ask(estate().place);
        return reason.test((await logOf(Id)).slice(before));
      });
      const answers = await Promise.all(Array.from({ length: 8 }, () => ask(estate().place)));
      const asked = answers.filter(({ status }) => status === 200).map(nameOf);
      expect(new Set(asked)).toEqual(new Set(["a"]));
    }
    await estate().deliverBackend("b");
    await until("both", async () => new Set(await names(6)).size === 2);
  });

  test("a server that is killed under load costs the requests in flight at most", async () => {
    const failed: string[] = [];
    let answered = 0;
    let stopped = false;
    onTestFinished(() => {
      stopped = true;
    });
    const load = Array.from({ length: clients }, async (_, client) => {
      while (!stopped) {
        const method = client % 2 === 0 ? "GET" : "POST";
        const answer = await ask(estate().place, { method, path: "/slow?milliseconds=20" }).catch(String);
        if (typeof answer !== "string" && answer.status === 200) answered++;
        else failed.push(typeof answer === "string" ? answer : `${method} ${String(answer.status)}`);
      }
    });
    await until("load", () => Promise.resolve(answered > 50));
    await Promise.all((["app-b", "backend-b"] as const).map((noun) => estate().container(noun).kill()));
    const before = answered;
    await until("as much load again", () => Promise.resolve(answered > before + 150));
    stopped = true;
    await Promise.all(load);
    expect(failed.length, failed.join(", ")).toBeLessThanOrEqual(clients);
    expect(new Set(await names(4))).toEqual(new Set(["a"]));
  });

  test("one that comes back is asked again", async () => {
    await Promise.all((["app-b", "backend-b"] as const).map((noun) => estate().container(noun).start()));
    await until("its answer", async () => new Set(await names(6)).has("b"));
  });
}

async function countOf(estate: Estate, name: "a" | "b", id: string): Promise<number> {
  const counts = await estate.countsOf(name);
  return counts[id] ?? 0;
}
