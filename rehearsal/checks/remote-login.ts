import type { ServerExpectations } from "./expectations.ts";
import { connectPorts } from "./port-scan.ts";
import { shared, type Check } from "./result.ts";
import { keys, type Scene } from "./scene.ts";
import { attemptSsh, fingerprintOf, type SshOutcome } from "./ssh-attempt.ts";

/**
 * ssh: who may come, as whom and how. Few attempts fail, because servers ban who fails often; the one that succeeds
 * comes last.
 */
export function remoteLoginChecks(scene: Scene): Check[] {
  return scene.expected.servers.flatMap((server) => [fromAnywhere(scene, server), ...fromNamed(scene, server)]);
}

function fromAnywhere({ stranger, target }: Scene, { name, publicAddress }: ServerExpectations): Check {
  return {
    id: "ssh-unnamed-network",
    title: `ssh on ${name} takes no connection from a network that is not named`,
    where: stranger.name,
    wanted: "no connection",
    make: async () => {
      const { open } = await connectPorts(stranger, target(publicAddress), [22]);
      return { passed: open.length === 0, found: open.length === 0 ? "no connection" : "a connection" };
    },
  };
}

function fromNamed(scene: Scene, { name, publicAddress, hostKey }: ServerExpectations): Check[] {
  const { expected, neighbour } = scene;
  const { user } = expected.ssh;
  const where = neighbour.name;
  const attempt = (as: string, offered: readonly string[]) =>
    shared(async () => {
      const target = scene.target(publicAddress);
      const outcome = await attemptSsh(neighbour, { target, user: as, keys: offered });
      if (outcome.hostKey === undefined) throw new Error(`no connection: ${outcome.lastWords}`);
      return outcome;
    });
  const asRoot = attempt("root", [keys.known, keys.unknown]);
  const unknownKey = attempt(user, [keys.unknown]);
  const knownKey = attempt(user, [keys.known]);
  const refused = async (outcome: Promise<SshOutcome>) => {
    const { loggedIn, lastWords } = await outcome;
    return { passed: !loggedIn, found: loggedIn ? "logged in" : lastWords };
  };
  return [
    {
      id: "ssh-root",
      title: `root is refused on ${name}, even with the key that opens`,
      where,
      wanted: "permission denied",
      make: () => refused(asRoot()),
    },
    {
      id: "ssh-unknown-key",
      title: `A key that nobody knows is refused on ${name}`,
      where,
      wanted: "permission denied",
      make: () => refused(unknownKey()),
    },
    {
      id: "ssh-password",
      title: `${name} asks nobody for a password`,
      where,
      wanted: "offered: publickey",
      make: async () => {
        const methods = [...new Set([...(await unknownKey()).methods, ...(await asRoot()).methods])];
        return { passed: methods.join() === "publickey", found: `offered: ${methods.join(", ")}` };
      },
    },
    {
      id: "ssh-known-key",
      title: `${user} is let in on ${name} with the stack's own key`,
      where,
      wanted: "logged in",
      make: async () => {
        const { loggedIn, lastWords } = await knownKey();
        return { passed: loggedIn, found: loggedIn ? "logged in" : lastWords };
      },
    },
    {
      id: "ssh-host-key",
      title: `${name} is who it was when its key was pinned`,
      where,
      wanted: fingerprintOf(hostKey),
      make: async () => {
        const { hostKey: shown = "none" } = await knownKey();
        return { passed: shown === fingerprintOf(hostKey), found: shown };
      },
    },
  ];
}
