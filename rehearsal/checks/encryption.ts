import { lookAtCertificate } from "./certificate.ts";
import { shared, without, type Check } from "./result.ts";
import { backDoors, frontDoors, type Door, type Scene } from "./scene.ts";
import { scanTls, unwantedCiphers, type TlsScan } from "./tls-scan.ts";

/** TLS at the front, and at the proxy behind the edge: certificates, versions, cipher suites. */
export function encryptionChecks(scene: Scene): Check[] {
  const { hosts } = scene.expected;
  return [...frontDoors(scene), ...backDoors(scene)].flatMap((door) => [
    ...hosts.map((host) => trusted(scene, door, host)),
    ...spoken(scene, door),
  ]);
}

function trusted({ expected }: Scene, door: Door, host: string): Check {
  const { leastDays } = expected.tls;
  return {
    id: "tls-certificate",
    title: `The certificate at ${door.name} is for ${host}, and its chain leads to a trusted root`,
    where: door.vantage.name,
    wanted: `trusted, ${String(leastDays)} days left at least`,
    make: async () => {
      const {
        trusted: isTrusted,
        verdict,
        issuer,
        notAfter,
      } = await lookAtCertificate(door.vantage, door.target, host);
      const days = Math.floor((notAfter.getTime() - Date.now()) / 86_400_000);
      const faults = [...(isTrusted ? [] : [verdict]), ...(days >= leastDays ? [] : [`${String(days)} days left`])];
      return without(faults, `trusted, ${String(days)} days left, from ${issuer}`);
    },
  };
}

const versions = ["1.0", "1.1", "1.2", "1.3"] as const;

function spoken({ expected }: Scene, door: Door): Check[] {
  const [host = ""] = expected.hosts;
  const scan = shared(() => scanTls(door.vantage, door.target, host));
  const where = door.vantage.name;
  const names = (found: TlsScan): string => [...found.keys()].join(", ");
  const sslRefused: Check = {
    id: "ssl-3.0-refused",
    title: `SSL 3.0 is refused at ${door.name}`,
    where,
    wanted: "refused",
    make: async () => {
      const found = await scan();
      return { passed: !found.has("SSLv3"), found: `spoken: ${names(found)}` };
    },
  };
  const byVersion = versions.map((version): Check => {
    const wanted = Number(version) >= Number(expected.tls.minimumVersion);
    return {
      id: `tls-${version}-${wanted ? "taken" : "refused"}`,
      title: `TLS ${version} is ${wanted ? "taken" : "refused"} at ${door.name}`,
      where,
      wanted: wanted ? "taken" : "refused",
      make: async () => {
        const found = await scan();
        return { passed: found.has(`TLSv${version}`) === wanted, found: `spoken: ${names(found)}` };
      },
    };
  });
  const ciphers: Check = {
    id: "tls-ciphers",
    title: `${door.kind === "edge" ? "No broken" : "Only strong"} cipher suites are taken at ${door.name}`,
    where,
    wanted: door.kind === "edge" ? "no broken suite" : "forward secrecy and authenticated encryption",
    make: async () => {
      const found = await scan();
      const unwanted = unwantedCiphers(found, door.kind);
      const count = new Set([...found.values()].flat()).size;
      return without(
        unwanted.length > 6 ? [...unwanted.slice(0, 6), `${String(unwanted.length)} in all`] : unwanted,
        `${String(count)} suites, none unwanted`,
      );
    },
  };
  return [sslRefused, ...byVersion, ciphers];
}
