import { describe, expect, test } from "vitest";
import { faults, given, judge, untold, type Mutations } from "../testing/estate.ts";
import { unknown } from "../value.ts";

const port = (other: object): object => ({ internal: 5432, external: 5432, ip: "127.0.0.1", ...other });
const on = (...names: string[]): Mutations[string] =>
  given({ networksAdvanced: names.map((name) => ({ name: `landfall-test-${name}` })) });

const broken: readonly (readonly [string, Mutations, string])[] = [
  [
    "D1",
    { postgres: given({ ports: [port({ ip: undefined })] }) },
    "postgres publishes port 5432 without an address, which is every address of the server",
  ],
  [
    "D1",
    { postgres: given({ ports: [port({ ip: "0.0.0.0" })] }) },
    "postgres publishes port 5432 at 0.0.0.0, which the world may reach; only the edge's proxy may do that",
  ],
  [
    "D1",
    { postgres: given({ ports: [port({ ip: "::" })] }) },
    "postgres publishes port 5432 at ::, which the world may reach; only the edge's proxy may do that",
  ],
  [
    "D1",
    { postgres: given({ ports: [port({ ip: "203.0.113.7" })] }) },
    "postgres publishes port 5432 at 203.0.113.7, which the world may reach; only the edge's proxy may do that",
  ],
  [
    "D1",
    { proxy: given({ ports: [{ internal: 8443, external: 8443, ip: "0.0.0.0" }] }) },
    "proxy publishes port 8443 at 0.0.0.0, which the world may reach; it may do so with 80, 443, 10080, 10443 only",
  ],
  ["D1", { "app-1": given({ publishAllPorts: true }) }, "app-1 publishes every port that its image names"],
  ["D9", { "app-1": on() }, "app-1 is on no network of the program, so on Docker's own"],
  [
    "D9",
    { "app-1": given({ networksAdvanced: [{ name: "bridge" }] }) },
    "app-1 is on the network bridge, which is none of the program's",
  ],
  [
    "D9",
    { postgres: on("edge"), proxy: on("service") },
    "postgres is of the data tier and on the network landfall-test-edge, which is not internal",
  ],
  [
    "D9",
    { postgres: on("service") },
    "postgres is of the data tier and shares the network landfall-test-service with the proxy proxy",
  ],
];

test.each(broken)("%s is broken by each of its faults alone (%#)", (rule, mutations, message) => {
  expect(faults(rule, mutations)).toEqual([message]);
});

describe("what may be", () => {
  test.each(["127.0.0.1", "::1", "10.77.0.31", "172.20.0.4", "192.168.1.4", "100.64.0.9", "fd00::4"])(
    "a port may be published at %s",
    (ip) => {
      expect(faults("D1", { postgres: given({ ports: [port({ ip })] }) })).toEqual([]);
    },
  );

  test("a port of the edge may be published to the world where the settings allow it", () => {
    const ports = given({ ports: [{ internal: 8443, external: 8443, ip: "0.0.0.0" }] });
    expect(faults("D1", { proxy: ports }, { rules: { D1: { allow: ["8443"] } }, waivers: [] })).toEqual([]);
  });

  test("the data tier may be on the network to other servers", () => {
    expect(faults("D9", { postgres: on("data", "peers"), proxy: on("edge", "peers") })).toEqual([]);
  });

  test("a container without any network may be", () => {
    expect(faults("D9", { "app-1": given({ networksAdvanced: [], networkMode: "none" }) })).toEqual([]);
  });

  test("a network of the same name on another server is another network", () => {
    const elsewhere = { "other-engine": { type: "pulumi:providers:docker" } };
    const moved: Mutations[string] = (draft) => ({ ...draft, provider: "other-engine" });
    expect(faults("D9", { ...elsewhere, data: moved }).length).toBeGreaterThan(0);
  });
});

test("an address that is not known yet is told of, and hides no other fault", () => {
  const ports = given({ ports: [port({ ip: unknown }), port({ ip: "0.0.0.0" })] });
  expect(untold("D1", { postgres: ports })).toEqual([
    "violated",
    "postgres: ports[0].ip is not known before the change is made",
  ]);
  expect(untold("D9", { "app-1": given({ networksAdvanced: unknown }) })[0]).toBe("not evaluated");
});

test.each(["D1", "D9"])("%s is not applicable where there is no container", (rule) => {
  const containers = ["postgres", "app-1", "proxy", "backup", "restore-check"];
  expect(judge(rule, Object.fromEntries(containers.map((name) => [name, undefined]))).status).toBe("not applicable");
});
