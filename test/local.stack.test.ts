import { request as plainRequest } from "node:http";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import type { IncomingMessage } from "node:http";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { projectRoot } from "../images/files.ts";
import { readFile } from "../infra/engine/archive.ts";
import { openBrowser } from "./stacks/browser.ts";
import { Client } from "./stacks/client.ts";
import { digestsOf, ownerOfMostContacts, sampleFiles } from "./stacks/dirfinal.ts";
import { askLegacy, containerOf, containersOf, engine, logOf, remainsOf, textsInImage } from "./stacks/docker.ts";
import { secretsOf } from "./secrets.ts";
import { learnmoreCredentials, onePerScheme } from "./stacks/learnmore.ts";
import { Stack } from "./stacks/stack.ts";

// The tests of this file are steps on one environment, in order.
const stack = await Stack.create("test-local");
let root = "";
const succeeded = { exitCode: 0, diagnostics: "" };
const client = (): Client => new Client(stack.url, root);
const legacyProgress = z.object({
  username: z.string(),
  course: z.string(),
  modules: z.array(z.object({ title: z.string(), percent: z.number() })),
});
const health = z.object({ status: z.string(), checks: z.record(z.string(), z.boolean()), release: z.string() });

afterAll(async () => {
  if ((await remainsOf(stack.name)).length > 0) await stack.remove();
});

test("up brings the environment up on the real engine, moves the legacy data and opens the gates", async () => {
  const { exitCode, diagnostics } = await stack.up();
  expect([exitCode, diagnostics]).toEqual([0, ""]);
  root = await stack.output("rootCertificate");
  const answer = await client().fetch("/health/ready");
  expect(answer.status).toBe(200);
  expect(health.parse(JSON.parse(answer.body))).toEqual({
    status: "healthy",
    checks: { database: true, redis: true, migration: true },
    release: await stack.output("release"),
  });
});

test("a second up finds nothing to do", async () => {
  const { exitCode, output } = await stack.up("--expect-no-changes");
  expect(exitCode).toBe(0);
  expect(output).not.toMatch(/(\d+) (created|updated|replaced|deleted)/);
});

test("plain HTTP is redirected to the same host and path", async () => {
  const outgoing = plainRequest({
    host: "127.0.0.1",
    port: stack.httpPort,
    path: "/courses?page=2",
    headers: { host: "localhost" },
  });
  outgoing.end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(301);
  expect(response.headers.location).toBe(`${stack.url}/courses?page=2`);
});

test("every answer carries the security headers, errors too", async () => {
  for (const path of ["/sign-in", "/no-such-page", "/metrics"]) {
    expect((await client().fetch(path)).headers).toMatchObject({
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("default-src 'self'") as string,
    });
  }
});

test("outsiders read no metrics, and another host name is refused", async () => {
  expect((await client().fetch("/metrics")).status).toBe(403);
  expect((await client().fetch("/sign-in", { headers: { host: "evil.example.com" } })).status).toBe(421);
});

test.each(["TLSv1", "TLSv1.1"] as const)("%s is not spoken", async (version) => {
  const socket = connect({
    host: "127.0.0.1",
    port: stack.httpsPort,
    servername: "localhost",
    ca: root,
    minVersion: version,
    maxVersion: version,
    ciphers: "DEFAULT@SECLEVEL=0",
  });
  await expect(once(socket, "secureConnect")).rejects.toThrow();
});

test("only the proxy publishes ports, on the explicit address", async () => {
  for (const [noun, container] of await containersOf(stack.name)) {
    const bindings = Object.values(
      (container.HostConfig.PortBindings as Record<string, { HostIp: string }[]> | null) ?? {},
    );
    const addresses = bindings.flat().map(({ HostIp }) => HostIp);
    expect([noun, addresses]).toEqual([noun, noun === "proxy" ? ["127.0.0.1", "127.0.0.1"] : []]);
  }
});

test("every container runs without root, privileges and a writable root, within limits", async () => {
  const containers = await containersOf(stack.name);
  expect([...containers.keys()].map((noun) => noun.replace(/^app-.*/, "app")).sort()).toEqual(
    ["app", "legacy-learnmore", "migration", "pgbouncer", "postgres", "proxy", "redis"].sort(),
  );
  for (const { Config, HostConfig } of containers.values()) {
    expect(Config.User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    });
    expect(HostConfig.Memory).toBeGreaterThan(0);
    expect(HostConfig.NanoCpus).toBeGreaterThan(0);
  }
});

test.each(onePerScheme)(
  "$username signs in with the old password ($scheme) and sees courses",
  async ({ username, password }) => {
    const visitor = client();
    const answer = await visitor.signIn(username, password);
    expect([answer.status, answer.headers.location]).toEqual([303, "/"]);
    const courses = await visitor.fetch("/courses");
    expect(courses.status).toBe(200);
    expect(courses.body).toMatch(/<h1[^>]*>Courses</);
  },
);

test("every active user signs in with the old password; who was deactivated or had no usable one does not", async () => {
  const { Id } = await containerOf(stack.name, "legacy-learnmore");
  const users = z.array(z.object({ username: z.string(), active: z.boolean(), usable: z.boolean() })).parse(
    await askLegacy(
      Id,
      `
      SELECT json_agg(json_build_object('username', username, 'active', is_active, 'usable', password NOT LIKE '!%'))
      FROM auth_user`,
    ),
  );
  const passwords = new Map(learnmoreCredentials.map(({ username, password }) => [username, password]));
  expect(
    users
      .filter(({ usable }) => usable)
      .map(({ username }) => username)
      .sort(),
  ).toEqual([...passwords.keys()].sort());
  const wrong: string[] = [];
  const queue = [...users];
  const worker = async (): Promise<void> => {
    for (let user = queue.pop(); user !== undefined; user = queue.pop()) {
      const { status } = await client().signIn(user.username, passwords.get(user.username) ?? "!");
      if (status !== (user.active && user.usable ? 303 : 401)) wrong.push(`${user.username}: ${String(status)}`);
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  expect(wrong).toEqual([]);
});

test("a person signs in with a browser and sees the courses, modules and progress of the old system", async () => {
  const { Id } = await containerOf(stack.name, "legacy-learnmore");
  const sql = `
    SELECT json_build_object('username', u.username, 'course', c.title, 'modules', json_agg(
      json_build_object('title', m.title, 'percent', p.percent) ORDER BY m.position))
    FROM courses_progress p JOIN courses_enrollment e ON e.id = p.enrollment_id
    JOIN auth_user u ON u.id = e.user_id JOIN courses_course c ON c.id = e.course_id JOIN courses_module m ON m.id = p.module_id
    WHERE u.is_active AND u.password NOT LIKE '!%' AND c.status = 'published'
    GROUP BY u.id, c.id ORDER BY count(*) DESC, u.id LIMIT 1`;
  const old = legacyProgress.parse(await askLegacy(Id, sql));
  const password = learnmoreCredentials.find(({ username }) => username === old.username)?.password ?? "";
  const browser = await openBrowser(stack.httpsPort, root);
  try {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    await page.goto(stack.url);
    await page.getByLabel("User name or e-mail").fill(old.username);
    await page.getByLabel("Password").fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: old.course }).click();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(old.course);
    for (const { title, percent } of old.modules) {
      const row = page.getByRole("row").filter({ hasText: title }).first();
      expect(await row.getByRole("progressbar").getAttribute("value")).toBe(String(Math.floor(percent)));
    }
    const overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(overflow).toBeLessThanOrEqual(0);
  } finally {
    await browser.close();
  }
});

test("a wrong password does not open", async () => {
  const [user] = learnmoreCredentials;
  expect((await client().signIn(user?.username ?? "", "wrong")).status).toBe(401);
});

test("the operator sees the migration in the console, and a learner does not", async () => {
  const operator = client();
  await operator.signIn(await stack.output("operator"), await stack.output("operatorPassword"));
  const page = await operator.fetch("/console/migration/learnmore");
  expect(page.status).toBe(200);
  for (const text of ["verified", "auth_user", "courses_course", "Rollback points"]) expect(page.body).toContain(text);
  const [user] = learnmoreCredentials;
  const learner = client();
  await learner.signIn(user?.username ?? "", user?.password ?? "");
  expect([403, 404]).toContain((await learner.fetch("/console")).status);
});

test("another legacy system lands beside it by one setting, with its files, and its users see their contacts", async () => {
  const sample = { kind: "sample" } as const;
  stack.configure({ migration: { sources: { learnmore: sample, dirfinal: sample } } });
  const started = await stack.npm("start");
  expect(started).toMatchObject(succeeded);
  expect(started.output).toMatch(/learnmore: (\d+) rows = \1 in the new schema \+ 0 in quarantine/);
  expect(started.output).toMatch(/dirfinal: 12723 rows = 12718 in the new schema \+ 5 in quarantine/);
  const { username, password, contacts } = ownerOfMostContacts();
  const visitor = client();
  expect((await visitor.signIn(username, password, "dirfinal")).status).toBe(303);
  expect((await visitor.fetch("/contacts")).body).toContain(`Your contacts (${String(contacts)})`);
  const { Id } = await containerOf(stack.name, "migration");
  const landed = await digestsOf(
    await engine.getContainer(Id).getArchive({ path: "/var/lib/landfall/media/dirfinal" }),
  );
  expect(landed.size).toBeGreaterThan(100);
  expect(landed).toEqual(await sampleFiles());
});

test("no secret stands in clear in an output, a log, docker inspect, an image, or the state", async () => {
  const secrets = secretsOf(await stack.export());
  expect(secrets.map(({ place }) => place.split(" ")[0])).toEqual(
    expect.arrayContaining(["postgres-owner-password", "operator-password", "redis-password", "local-authority"]),
  );
  const containers = [...(await containersOf(stack.name)).values()];
  const preview = await stack.run("preview", "--diff", "--json");
  const surfaces = new Map([
    ["Pulumi's output", stack.transcript + preview.output],
    [
      "the state",
      readFileSync(join(projectRoot, `.landfall/state/.pulumi/stacks/landfall/${stack.name}.json`), "utf8"),
    ],
  ]);
  const values = secrets.map(({ value }) => value);
  for (const { Id, Name, Image } of containers) {
    surfaces.set(`the log of ${Name}`, await logOf(Id));
    surfaces.set(`docker inspect ${Name}`, JSON.stringify(await engine.getContainer(Id).inspect()));
    surfaces.set(`the image of ${Name}`, (await textsInImage(Image, values)).join(" "));
  }
  const found = secrets.flatMap(({ place, value }) =>
    [...surfaces].filter(([, text]) => text.includes(value)).map(([surface]) => `${place} in ${surface}`),
  );
  expect(found).toEqual([]);
  // The search itself must be able to find: what a container was given lies in its secret files.
  const { Id } = await containerOf(stack.name, "redis");
  const file = await readFile(engine, Id, "/run/secrets/redis.conf");
  expect(secrets.some(({ value }) => file?.includes(value))).toBe(true);
});

test("npm stop keeps the data, and npm start serves it again", async () => {
  const volumes = await remainsOf(stack.name);
  expect(await stack.npm("stop")).toMatchObject(succeeded);
  expect([...(await containersOf(stack.name)).keys()]).toEqual([]);
  const remains = await remainsOf(stack.name);
  expect(volumes).toEqual(expect.arrayContaining(remains));
  expect(remains).toEqual(
    expect.arrayContaining(["landfall-test-local-postgres-data", "landfall-test-local-redis-data"]),
  );
  const started = await stack.npm("start");
  expect(started).toMatchObject(succeeded);
  expect(started.output).toContain(`Service           ${stack.url}`);
  expect(await stack.output("rootCertificate")).toBe(root);
  const [user] = onePerScheme;
  expect((await client().signIn(user?.username ?? "", user?.password ?? "", "learnmore")).status).toBe(303);
});

test("npm run destroy leaves nothing", async () => {
  expect(await stack.npm("destroy")).toMatchObject(succeeded);
  expect(await remainsOf(stack.name)).toEqual([]);
});
