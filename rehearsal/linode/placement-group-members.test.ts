import { expect, test } from "vitest";
import { emptyAccount, type Account, type InstanceRecord } from "./account.ts";
import { joinGroup, membersOf, mostMembers } from "./placement-group-members.ts";

function server(id: number, region = "us-ord"): InstanceRecord {
  const kind = { type: "g6-nanode-1", image: "linode/debian13", booted: true, hostUuid: "x" };
  return { id, label: `web-${String(id)}`, region, address: `198.51.100.${String(id)}`, ...kind };
}

function account(...instances: InstanceRecord[]): Account {
  const group = { region: "us-ord", type: "anti_affinity:local", policy: "strict" };
  const placementGroups = [
    { id: 1, label: "app", ...group },
    { id: 2, label: "data", ...group },
  ];
  return { ...emptyAccount, instances, placementGroups };
}

test("a server joins a group of its region, and joining again changes nothing", () => {
  const web = server(64);
  const known = account(web);
  joinGroup(known, web, { id: 1 });
  joinGroup(known, web, { id: 1 });
  expect(membersOf(known, 1)).toEqual([web]);
});

test("a server is in one group only, and in none of another region", () => {
  const [web, far] = [server(64), server(65, "eu-west")];
  const known = account(web, far);
  joinGroup(known, web, { id: 1 });
  expect(() => {
    joinGroup(known, web, { id: 2 });
  }).toThrow('is in placement group "app" already');
  expect(() => {
    joinGroup(known, far, { id: 1 });
  }).toThrow("must be in the same region");
});

test("a group has a most of servers", () => {
  const servers = Array.from({ length: mostMembers + 1 }, (_, at) => server(64 + at));
  const known = account(...servers);
  const last = servers.pop();
  for (const one of servers) joinGroup(known, one, { id: 1 });
  expect(() => {
    if (last !== undefined) joinGroup(known, last, { id: 1 });
  }).toThrow("at most 10");
});
