import { expect, test } from "vitest";
import { being, faults, given, judge, opted, untold, type Draft, type Mutations } from "../testing/estate.ts";
import { secret, unknown } from "../value.ts";

const upload = { uploads: [{ file: "/etc/app", content: "x" }] };
const healthcheck = { tests: ["CMD", "true"] };

const broken: readonly (readonly [string, Mutations, string])[] = [
  [
    "T1",
    { "server-g1": being({ change: "replace", replaceReasons: ["image", "region"] }) },
    "server-g1 would be made anew in place because of image, region",
  ],
  [
    "T1",
    { "server-g1": given({ firewallId: 7 }) },
    "server-g1 has its firewall by firewallId, of which every change makes it anew",
  ],
  [
    "T1",
    { "server-g1": opted({ ignoreChanges: [] }) },
    "server-g1 would be made anew by any change of metadatas, which it does not ignore",
  ],
  [
    "T1",
    { "server-g1": given({ authorizedKeys: unknown }) },
    "server-g1 would be made anew by any change of authorizedKeys, which it does not ignore",
  ],
  [
    "T2",
    { "server-engine": being({ before: { host: "ssh://deploy@203.0.113.9" } }) },
    "server-engine would be pointed at ssh://deploy@198.51.100.64:22, away from ssh://deploy@203.0.113.9",
  ],
  ["T3", { "server-ready": being({ from: {} }) }, "server-g1 has no gate that waits for it"],
  [
    "T3",
    { "server-engine": being({ from: {} }) },
    "server-engine reaches a server by an address that comes from no gate",
  ],
  ["T3", { site: being({ dependencies: [] }) }, "site leads traffic without waiting for the gate of what it leads to"],
  ["T4", { image: opted({ deletedWith: undefined }) }, "image runs on a Linode and does not go with it"],
  ["T4", { data: opted({ deletedWith: undefined }) }, "data runs on a Linode and does not go with it"],
  ["T4", { postgres: opted({ deletedWith: "firewall" }) }, "postgres runs on a Linode and does not go with it"],
  ["T5", { postgres: given({ healthcheck }) }, "postgres keeps its old health check when that is changed"],
  ["T5", { "app-1": given(upload) }, "app-1 has files uploaded to its root, which is read-only"],
  ["T5", { "app-1": given({ uploads: secret }) }, "app-1 has files uploaded to its root, which is read-only"],
];

test.each(broken)("%s is broken by each of its faults alone (%#)", (rule, mutations, message) => {
  expect(faults(rule, mutations)).toEqual([message]);
});

test("a server that goes, and one whose user data waits, are right", () => {
  expect(faults("T1", { "server-g1": being({ change: "delete" }) })).toEqual([]);
});

test("a gate by way of another resource, or of the component around it, is waited for", () => {
  const between: Mutations = {
    site: being({ dependencies: ["proxy"] }),
    proxy: being({ dependencies: ["app-healthy"] }),
  };
  expect(faults("T3", between)).toEqual([]);
});

test("an engine that is at hand needs no gate, and what runs on it goes with nothing", () => {
  const atHand: Mutations = { "server-engine": being({ inputs: { host: "unix:///var/run/docker.sock" }, from: {} }) };
  expect(faults("T3", atHand)).toEqual([]);
  expect(judge("T4", atHand).status).toBe("not applicable");
});

test("a health check whose change replaces its container is right, and so are files in a root that can be written to", () => {
  const replaced = (draft: Draft): Draft => opted({ replaceOnChanges: ["healthcheck"] })(given({ healthcheck })(draft));
  expect(faults("T5", { postgres: replaced })).toEqual([]);
  expect(faults("T5", { "app-1": given({ ...upload, readOnly: false }) })).toEqual([]);
});

test("a new provider is not applicable to T2: it is pointed at nothing yet", () => {
  const made = (draft: Draft): Draft => ({ type: draft.type, inputs: draft.inputs ?? {} });
  expect(judge("T2", { "server-engine": made }).status).toBe("not applicable");
});

const open: readonly (readonly [string, Mutations, string])[] = [
  ["T2", { "server-engine": given({ host: unknown }) }, "server-engine: host"],
  ["T5", { "app-1": given({ uploads: unknown }) }, "app-1: uploads"],
];

test.each(open)("%s is not evaluated without a value it needs", (rule, mutations, property) => {
  expect(untold(rule, mutations)).toEqual(["not evaluated", `${property} is not known before the change is made`]);
});

test("a provider without a gate and with an address that is not known yet is not evaluated", () => {
  const nowhere = being({ inputs: { host: unknown }, from: {} });
  expect(untold("T3", { "server-engine": nowhere })[0]).toBe("not evaluated");
  expect(untold("T4", { "server-engine": nowhere })[0]).toBe("not evaluated");
});
