import { admittedPorts } from "./admitted.ts";
import type { HostExpectations, ServerExpectations } from "./expectations.ts";
import {
  connectPorts,
  everyTcpPort,
  forgetScan,
  mainUdpPorts,
  portsText,
  requireRoom,
  scanPorts,
  type PortScan,
} from "./port-scan.ts";
import { shared, without, type Check, type Finding } from "./result.ts";
import { isEdge, type Scene } from "./scene.ts";
import type { Vantage } from "./vantage.ts";

/** Docker's own ports, without and with TLS: whoever reaches one of them has the server. */
const dockerPorts = [2375, 2376];

/** Every TCP port of every server, from each vantage, against the servers' rule lists. Not at the same time. */
export function scanChecks(scene: Scene): Check[] {
  const { servers, balancer } = scene.expected;
  return [...servers, ...(balancer === undefined ? [] : [balancer])].flatMap((host) =>
    vantagesOf(scene).flatMap((vantage) => everyPort(scene, vantage, host)),
  );
}

/** What must not be reached, tried by connection from each vantage. */
export function connectionChecks(scene: Scene): Check[] {
  const { stranger, operator } = scene;
  const vantages = vantagesOf(scene);
  return scene.expected.servers.flatMap((server) => [
    ...vantages.flatMap((vantage) => dataChecks(scene, vantage, server)),
    udpCheck(scene, stranger, server),
    // The operator's machine carries the private network itself.
    ...vantages.filter((vantage) => vantage !== operator).map((vantage) => privateCheck(scene, vantage, server)),
    ...(scene.expected.proxied && isEdge(server) ? [goingRoundCheck(scene, server)] : []),
  ]);
}

function vantagesOf({ stranger, operator, edge }: Scene): Vantage[] {
  return [stranger, operator, ...(edge === undefined ? [] : [edge])];
}

function everyPort(scene: Scene, vantage: Vantage, host: HostExpectations): Check[] {
  const { name, publicAddress } = host;
  const where = vantage.name;
  const admitted = admittedPorts(host.firewall, vantage.address);
  const scan = shared(async () => {
    const target = scene.target(publicAddress);
    await requireRoom(scene.operator);
    const found = await scanPorts(vantage, target, everyTcpPort);
    await forgetScan(scene.operator, vantage.address, target);
    return found;
  });
  return [
    {
      id: "ports-open",
      title: `Of all 65,535 TCP ports of ${name}, those are open that its rules admit for ${vantage.address}`,
      where,
      wanted: `open: ${portsText(admitted)}`,
      make: async () => {
        const { open } = await scan();
        return { passed: open.join() === admitted.join(), found: `open: ${portsText(open)}` };
      },
    },
    {
      id: "ports-silent",
      title: `Every other TCP port of ${name} keeps silent`,
      where,
      wanted: "no answer from any other",
      make: async () => {
        const { open, refused, silent } = await scan();
        if (open.length + refused.length + silent !== 65_535) throw new Error("the scan did not cover every port");
        const answering = refused.filter((port) => !admitted.includes(port));
        return { passed: answering.length === 0, found: `refused, not dropped: ${portsText(answering)}` };
      },
    },
  ];
}

function dataChecks(scene: Scene, vantage: Vantage, { name, publicAddress }: ServerExpectations): Check[] {
  const { dataPorts } = scene.expected;
  const where = vantage.name;
  const connection = shared(() => connectPorts(vantage, scene.target(publicAddress), [...dataPorts, ...dockerPorts]));
  return [
    {
      id: "data-ports",
      title: `No data port of ${name} takes a connection`,
      where,
      wanted: `silent: ${portsText(dataPorts)}`,
      make: async () => unreachable(await connection(), dataPorts),
    },
    {
      id: "docker-ports",
      title: `Docker on ${name} takes no connection`,
      where,
      wanted: `silent: ${portsText(dockerPorts)}`,
      make: async () => unreachable(await connection(), dockerPorts),
    },
  ];
}

function unreachable({ open, refused }: PortScan, ports: readonly number[]): Finding {
  const of = (list: readonly number[]): number[] => list.filter((port) => ports.includes(port));
  const faults = [
    ...(of(open).length > 0 ? [`open: ${portsText(of(open))}`] : []),
    ...(of(refused).length > 0 ? [`refused, not dropped: ${portsText(of(refused))}`] : []),
  ];
  return without(faults, "all silent");
}

function udpCheck(scene: Scene, vantage: Vantage, { name, publicAddress, firewall }: ServerExpectations): Check {
  const admitted = admittedPorts(firewall, vantage.address, "udp");
  return {
    id: "ports-udp",
    title: `No UDP service of ${name} answers but those that its rules admit`,
    where: vantage.name,
    wanted: `answering: ${portsText(admitted)}`,
    make: async () => {
      const { open, refused } = await scanPorts(vantage, scene.target(publicAddress), mainUdpPorts);
      const answering = [...open, ...refused].filter((port) => !admitted.includes(port));
      return { passed: answering.length === 0, found: `answering besides: ${portsText(answering)}` };
    },
  };
}

function privateCheck(scene: Scene, vantage: Vantage, { name, privateAddress }: ServerExpectations): Check {
  const ports = [22, 80, 443, ...scene.expected.dataPorts, ...dockerPorts];
  return {
    id: "private-address",
    title: `The private address of ${name} cannot be reached from outside`,
    where: vantage.name,
    wanted: `no answer at ${privateAddress}`,
    make: async () => unreachable(await connectPorts(vantage, scene.target(privateAddress), ports), ports),
  };
}

/** Whoever knows the address of a server behind the edge must not get past the edge. */
function goingRoundCheck(scene: Scene, { name, publicAddress }: ServerExpectations): Check {
  const { stranger } = scene;
  const ports = [80, 443];
  return {
    id: "edge-not-bypassed",
    title: `The web ports of ${name} are closed to all who do not come by way of the edge`,
    where: stranger.name,
    wanted: "silent: 80, 443",
    make: async () => unreachable(await connectPorts(stranger, scene.target(publicAddress), ports), ports),
  };
}
