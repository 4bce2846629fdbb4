import type { FirewallRule } from "../../infra/firewall/rules.ts";
import type { ServerExpectations } from "./expectations.ts";
import { shared, without, type Check } from "./result.ts";
import type { Scene } from "./scene.ts";
import { runOnServer } from "./server-shell.ts";
import { networkList } from "./target.ts";

/** What servers try at one another besides what their rules name. */
const otherPorts = [22, 80, 443, 2375, 6432, 8000, 8080, 8444, 9200, 10_443];
const patienceSeconds = 4;

/** Over the private network every server reaches what the rules of the others admit to it, and nothing else. */
export function peerChecks(scene: Scene): Check[] {
  const { servers } = scene.expected;
  if (servers.length < 2) return [];
  const ports = [...new Set([...servers.flatMap(({ firewall }) => privatePorts(firewall)), ...otherPorts])];
  const looks = servers.map((source) => ({ source, reached: shared(() => reachedFrom(scene, source, ports)) }));
  return servers.map((server) => {
    const wanted = servers.flatMap((source) =>
      source === server ? [] : admitted(server, source).map((port) => `${source.name} to ${String(port)}`),
    );
    return {
      id: "peer-ports",
      title: `Over the private network ${server.name} is reached by those alone that its rules name`,
      where: "the other servers",
      wanted: wanted.join(", ") || "nobody",
      make: async () => {
        const found = await Promise.all(
          looks
            .filter(({ source }) => source !== server)
            .map(async ({ source, reached }) =>
              (await reached())
                .filter(({ address }) => address === server.privateAddress)
                .map(({ port }) => `${source.name} to ${String(port)}`),
            ),
        );
        const all = found.flat();
        const faults = [
          ...all.filter((one) => !wanted.includes(one)).map((one) => `${one}, which is not admitted`),
          ...wanted.filter((one) => !all.includes(one)).map((one) => `not ${one}`),
        ];
        return without(faults, all.join(", ") || "nobody");
      },
    };
  });
}

function privatePorts(firewall: readonly FirewallRule[]): readonly number[] {
  return firewall.filter((rule) => rule.interface === "private").flatMap((rule) => rule.ports);
}

function admitted(server: ServerExpectations, source: ServerExpectations): number[] {
  const ports = server.firewall
    .filter((rule) => rule.interface === "private" && networkList(rule.sources).check(source.privateAddress))
    .flatMap((rule) => rule.ports);
  return [...new Set(ports)];
}

/** Where a server gets a connection on the private network. */
async function reachedFrom(
  scene: Scene,
  source: ServerExpectations,
  ports: readonly number[],
): Promise<{ address: string; port: number }[]> {
  const others = scene.expected.servers.filter((server) => server !== source);
  const tries = others.flatMap(({ privateAddress }) => ports.map((port) => `${privateAddress}/${String(port)}`));
  const attempt = `timeout ${String(patienceSeconds)} bash -c "exec 3<>/dev/tcp/$place" 2>/dev/null && echo $place`;
  const output = await runOnServer(scene, source, `for place in ${tries.join(" ")}; do (${attempt}) & done; wait`);
  return output
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [address = "", port] = line.split("/");
      return { address, port: Number(port) };
    });
}
