import { expect, test } from "vitest";
import { parseExpression, type RequestFacts } from "./expression.ts";

const facts: RequestFacts = { method: "GET", host: "www.example.com", path: "/static/app.JS", query: "", ssl: true };

test.each<[string, Partial<RequestFacts>]>([
  ['http.request.uri.path eq "/static/app.JS"', {}],
  ['http.host == "www.example.com"', {}],
  ['http.request.method ne "POST"', {}],
  ['http.request.method in {"GET" "HEAD"}', {}],
  ['http.request.uri.path.extension eq "js"', {}],
  ['starts_with(http.request.uri.path, "/static/")', {}],
  ['ends_with(lower(http.request.uri.path), ".js")', {}],
  ['http.request.uri.path contains "app"', {}],
  ['not http.host eq "example.com"', {}],
  ['!(http.host eq "example.com" or http.request.method eq "POST")', {}],
  ['(http.request.uri.query contains "a=\\"1\\"")', { query: 'a="1"' }],
  ["ssl and true", {}],
  ["true xor false", {}],
  // and binds closer than xor, and xor closer than or.
  ["true or true and false", {}],
  ["true or true xor true", {}],
])("%s matches", (expression, other) => {
  expect(parseExpression(expression).matches({ ...facts, ...other })).toBe(true);
});

test.each([
  'http.request.uri.path eq "/"',
  'starts_with(http.request.uri.path, "static")',
  'http.request.method in {"POST" "PUT"}',
  'http.host eq "www.example.com" and http.request.method eq "POST"',
  "not ssl",
  "false",
  "not true or false",
])("%s does not match", (expression) => {
  expect(parseExpression(expression).matches(facts)).toBe(false);
});

test.each([
  ['http.request.uri.path matches "^/a"', "the operator matches is not available: regular expressions need a Business"],
  ['http.request.uri.path wildcard "/a*"', "the operator wildcard is not available"],
  ['http.user_agent contains "x"', "does not play http.user_agent; it has the fields http.request.uri.path, "],
  ["cf.bot_management.score lt 30", "does not play cf.bot_management.score"],
  ['http.host eq "a" and', "a field is expected at character 21, and there is the end"],
  ['(http.host eq "a"', ") is expected at character 18"],
  ["http.host eq 'a'", "no word, text or sign starts at character 14"],
  ['http.host eq "a" http.host', "and, or, or the end is expected at character 18"],
  ["http.host in {}", "the set after in is empty"],
  ["http.host eq host", "a text in double quotation marks is expected"],
  ["", "a field is expected at character 1"],
])("%s is refused by name", (expression, message) => {
  expect(() => parseExpression(expression)).toThrow(message);
});

test("the fields of an expression are told", () => {
  const { fields } = parseExpression('http.host eq "a" and (ssl or http.host eq "b")');
  expect(fields).toEqual(["http.host", "ssl"]);
});
