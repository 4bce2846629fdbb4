import { expect, test } from "vitest";
import { toOrigin, toVisitor } from "./headers.ts";

const visit = {
  host: "www.example.com",
  scheme: "https",
  visitor: "198.51.100.200",
  ray: "0123456789abcdef-FRA",
} as const;

test("an origin learns who asks and how", () => {
  expect(toOrigin({ accept: "*/*", ":method": "GET", ":authority": "www.example.com" }, visit)).toEqual({
    accept: "*/*",
    host: "www.example.com",
    "cdn-loop": "cloudflare; loops=1",
    "cf-connecting-ip": "198.51.100.200",
    "cf-ipcountry": "XX",
    "cf-ray": "0123456789abcdef-FRA",
    "cf-visitor": '{"scheme":"https"}',
    "x-forwarded-for": "198.51.100.200",
    "x-forwarded-proto": "https",
  });
});

test("a visitor cannot pretend to be Cloudflare", () => {
  const headers = toOrigin(
    { "cf-connecting-ip": "1.1.1.1", "cf-worker": "x", "true-client-ip": "1.1.1.1", "x-forwarded-proto": "http" },
    visit,
  );
  expect(headers).toMatchObject({ "cf-connecting-ip": "198.51.100.200", "x-forwarded-proto": "https" });
  expect(headers).not.toHaveProperty("cf-worker");
  expect(headers).not.toHaveProperty("true-client-ip");
});

test("what was forwarded for whom before is kept, and the visitor put behind it", () => {
  expect(toOrigin({ "x-forwarded-for": "1.1.1.1" }, visit)["x-forwarded-for"]).toBe("1.1.1.1, 198.51.100.200");
});

test("headers of one connection do not pass", () => {
  const given = { connection: "close, X-Hop", "x-hop": "1", "keep-alive": "5", te: "trailers", upgrade: "h2c", a: "1" };
  expect(Object.keys(toOrigin(given, visit))).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(connection|x-hop|keep-alive|te|upgrade)$/)]),
  );
  expect(toVisitor(given, visit.ray)).toEqual({
    a: "1",
    server: "cloudflare",
    "cf-ray": visit.ray,
    "cf-cache-status": "DYNAMIC",
  });
});

test("the answer comes from Cloudflare, with all of the origin's cookies", () => {
  const answer = toVisitor({ server: "nginx", "cf-ray": "mine", "set-cookie": ["a=1", "b=2"] }, visit.ray);
  expect(answer).toMatchObject({ server: "cloudflare", "cf-ray": visit.ray, "set-cookie": ["a=1", "b=2"] });
});
