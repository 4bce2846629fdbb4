import { expect, test } from "vitest";
import { parseDigAnswer } from "./dns.ts";

test("an answer of dig is read: status, who speaks, records", () => {
  const text = `;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 60422
;; flags: qr aa rd; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1
;; WARNING: recursion requested but not available

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
;; ANSWER SECTION:
Example.com.\t\t300\tIN\tCAA\t0 issue "letsencrypt.org"
staging.learn.example.com. 60\tIN\tA\t198.51.100.33
`;
  expect(parseDigAnswer(text)).toEqual({
    status: "NOERROR",
    authoritative: true,
    records: [
      { name: "example.com", ttl: 300, type: "CAA", value: '0 issue "letsencrypt.org"' },
      { name: "staging.learn.example.com", ttl: 60, type: "A", value: "198.51.100.33" },
    ],
  });
});

test("no answer is an error in dig's own words", () => {
  const text = ";; communications error to 198.51.100.2#53: timed out\n;; no servers could be reached\n";
  expect(() => parseDigAnswer(text)).toThrow("communications error to 198.51.100.2#53: timed out");
});
