import { expect, test } from "vitest";
import { until } from "../stacks/until.ts";
import { ask, type Answer } from "./client.ts";
import type { Estate } from "./estate.ts";

/** What one address may ask for. */
export function limitsAddresses(estate: () => Estate): void {
  const asFrom = (address: string, question: Parameters<typeof ask>[1]): Promise<Answer> =>
    ask(estate().place, { ...question, headers: { "cf-connecting-ip": address } });

  test("who asks too much is refused until time has passed, and nobody else is", async () => {
    await estate().deliver(estate().site({ rateLimit: { perMinute: 120, burst: 10 } }));
    const answers = await Promise.all(Array.from({ length: 40 }, () => asFrom("203.0.113.10", { path: "/page" })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(10);
    expect(refused.length).toBeGreaterThanOrEqual(15);
    expect(refused[0]).toMatchObject({
      headers: { "retry-after": "1", "content-type": expect.stringMatching(/^text\/plain/) as string },
      body: expect.stringContaining("Too many requests") as string,
    });
    expect((await asFrom("203.0.113.11", { path: "/page" })).status).toBe(200);
    await until("an answer to the first one", async () => (await asFrom("203.0.113.10", {})).status === 200, 20);
    await estate().deliver(estate().site());
  });

  test("who tries to sign in too often is refused, and may read", async () => {
    const signIn = { method: "POST", path: "/sign-in", body: "identifier=a" };
    const answers = await Promise.all(Array.from({ length: 12 }, () => asFrom("203.0.113.20", signIn)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(5);
    expect(refused.length).toBeGreaterThanOrEqual(3);
    expect(Number(refused[0]?.headers["retry-after"])).toBeGreaterThanOrEqual(1);
    expect((await asFrom("203.0.113.20", { path: "/sign-in" })).status).toBe(200);
    expect((await asFrom("203.0.113.20", { method: "POST", path: "/courses" })).status).toBe(200);
    expect((await asFrom("203.0.113.21", signIn)).status).toBe(200);
  });

  test("the service's own refusals go through as they are", async () => {
    for (const status of [429, 503, 500]) {
      expect((await asFrom("203.0.113.30", { path: `/status?status=${String(status)}` })).json()).toEqual({
        name: "a",
      });
    }
  });
}
