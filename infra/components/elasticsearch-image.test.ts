import { createServer } from "node:http";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseSettings } from "../settings/parse.ts";
import { baseOf, requireElasticsearchImage } from "./elasticsearch-image.ts";

/** Names of images that the engine has. */
let images: string[];
let engine: ReturnType<typeof createServer>;
let socket: string;

beforeEach(async () => {
  images = [];
  socket = join(mkdtempSync(join(tmpdir(), "engine-")), "docker.sock");
  // An engine that knows of images alone, by its API: https://docs.docker.com/reference/api/engine/
  engine = createServer((request, response) => {
    const name = decodeURIComponent(/\/images\/(.*)\/json$/.exec(request.url ?? "")?.[1] ?? "");
    const known = images.some((image) => name.startsWith(image));
    response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(known ? { Id: "sha256:1" } : { message: `No such image: ${name}` }));
  });
  await new Promise<void>((resolve) => engine.listen(socket, resolve));
});

afterEach(() => {
  engine.close();
});

const settings = (search: unknown) =>
  parseSettings(
    {
      servers: JSON.stringify([
        {
          name: "one",
          platform: "engine-at-hand",
          engine: `unix://${socket}`,
          roles: ["edge", "app", "database", "cache", ...(search === "elasticsearch" ? ["search"] : [])],
        },
      ]),
      hosts: '["localhost"]',
      search: JSON.stringify({ engine: search }),
    },
    { linode: false, cloudflare: false },
  );
const unreachable = (): Promise<never> =>
  Promise.reject(new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND docker.elastic.co") }));

test("where the maker's registry does not answer, Elasticsearch is refused with what to do, before anything is made", async () => {
  await expect(requireElasticsearchImage(settings("elasticsearch"), unreachable)).rejects.toThrow(
    /Elasticsearch's image cannot be had; nothing was changed\.\n {2}image: {2}docker\.elastic\.co\/elasticsearch\/elasticsearch:8\.\d+\.\d+\n {2}reason: docker\.elastic\.co does not answer: getaddrinfo ENOTFOUND docker\.elastic\.co\n {2}next: {3}run this where that registry can be reached/,
  );
});

test.each(["landfall/elasticsearch:", "docker.elastic.co/elasticsearch/elasticsearch:8"])(
  "nobody is asked where the engine has %s",
  async (image) => {
    images = [image];
    await requireElasticsearchImage(settings("elasticsearch"), unreachable);
  },
);

test("any answer of the registry will do, and a search in the database asks nobody", async () => {
  const asked: string[] = [];
  const answering = (address: string): Promise<void> => {
    asked.push(address);
    return Promise.resolve();
  };
  await requireElasticsearchImage(settings("postgres"), unreachable);
  await requireElasticsearchImage(settings("elasticsearch"), answering);
  expect(asked).toEqual(["https://docker.elastic.co/v2/"]);
});

test("the image that another starts from is read from the Dockerfile itself", () => {
  expect(baseOf("# Words.\nFROM registry.example.com/a/b:1.2\nUSER 0\n")).toBe("registry.example.com/a/b:1.2");
  expect(() => baseOf("RUN true\n")).toThrow("names no image");
});
