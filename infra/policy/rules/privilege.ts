import { isContainer, serviceOf } from "../container.ts";
import { remains, types } from "../resource-types.ts";
import type { Rule } from "../rule.ts";
import { ofEach, type Value } from "../value.ts";

const hostNamespaces = {
  networkMode: "network",
  pidMode: "processes",
  ipcMode: "shared memory",
  usernsMode: "users",
} as const;

/** Namespaces of the host. */
const ownNamespaces: Rule = {
  id: "D2",
  title: "A container is not privileged and shares no namespace with its server",
  why: "Whoever breaks into such a container has the server.",
  fix: "Take the mode away; give the one capability that is needed instead, and say so in the settings.",
  level: "mandatory",
  sources: ["CIS Docker Benchmark 5.5, 5.10, 5.16, 5.17, 5.31"],
  scope: "resource",
  about: isContainer,
  check: [
    function* ({ inputs }) {
      if (inputs.at("privileged").isTrue()) yield "is privileged";
    },
    ({ inputs }) =>
      ofEach(Object.entries(hostNamespaces), function* ([property, what]) {
        if (inputs.at(property).text() === "host") yield `shares the server's ${what} (${property}: host)`;
      }),
  ],
};

/** What of a server no container may have. */
const systemTrees = "bin boot dev etc home lib lib64 proc root run sbin sys usr var"
  .split(" ")
  .map((name) => `/${name}`);

/** Folders of the host. */
const noHostFolders: Rule = {
  id: "D3",
  title: "A container has no part of its server's system, and writes to none of its files",
  why: "The engine's socket, or a folder of the system, is the whole server for whoever breaks into the container.",
  fix: "Mount a volume. What has to come from the server is mounted read-only and by its own path, and listed in the settings.",
  level: "mandatory",
  sources: ["CIS Docker Benchmark 5.6, 5.20, 5.32"],
  allow: {
    what: "Folders within the system's that a container may read.",
    usual: ["/etc/ssl/certs"],
  },
  scope: "resource",
  about: remains(types.container, types.volume),
  check: [
    ({ inputs }, { allow }) =>
      ofEach(hostPaths(inputs), function* ({ path, readOnly }) {
        const folder = normalised(path.text() ?? "");
        if (/docker\.sock$|containerd\.sock$/.test(folder)) {
          yield `has the engine's socket ${folder}`;
        } else if (isOfSystem(folder) && !allow.includes(folder)) {
          yield `has ${folder}, which is part of the server's system`;
        } else if (!readOnly.isTrue()) {
          yield `has ${folder} of the server and may write to it`;
        }
      }),
    ({ inputs }) =>
      ofEach(inputs.at("mounts").items(), function* (mount) {
        const propagation = mount.at("bindOptions").at("propagation").text() ?? "";
        if (/^r?shared$/.test(propagation)) {
          yield `mounts ${mount.at("target").text() ?? "a folder"} so that its own mounts show on the server (${propagation})`;
        }
      }),
    function* ({ type, inputs }) {
      if (type !== types.volume) return;
      const device = inputs.at("driverOpts").at("device");
      if (!device.isGiven) return;
      const folder = normalised(device.text() ?? "");
      if (isOfSystem(folder)) yield `leads to ${folder}, which is part of the server's system`;
    },
  ],
};

/** Capabilities. */
const noCapabilities: Rule = {
  id: "D4",
  title: "A container drops all capabilities, gains no privileges and keeps Docker's filters",
  why: "What a process cannot do by itself, whoever breaks into it cannot do either.",
  fix: 'Set `capabilities: { drops: ["ALL"] }` and `securityOpts: ["no-new-privileges:true"]`; a capability that is needed is listed in the settings.',
  level: "mandatory",
  sources: ["CIS Docker Benchmark 5.4, 5.22, 5.26"],
  allow: { what: "Capabilities that a container may add, for example `NET_BIND_SERVICE`.", usual: [] },
  scope: "resource",
  about: isContainer,
  check: [
    function* ({ inputs }) {
      if (
        !inputs
          .at("capabilities")
          .at("drops")
          .texts()
          .some((one) => /^(CAP_)?ALL$/.test(one))
      )
        yield "keeps the capabilities that Docker gives by itself";
    },
    ({ inputs }, { allow }) =>
      ofEach(inputs.at("capabilities").at("adds").items(), function* (item) {
        const capability = (item.text() ?? "").replace(/^CAP_/, "");
        if (!allow.includes(capability)) yield `adds the capability ${capability}`;
      }),
    function* ({ inputs }) {
      const options = inputs.at("securityOpts").texts();
      if (!options.some((one) => /^no-new-privileges(:true)?$/.test(one))) yield "may gain new privileges";
    },
    ({ inputs }) =>
      ofEach(inputs.at("securityOpts").items(), function* (item) {
        const option = item.text() ?? "";
        if (option.endsWith("unconfined")) yield `goes without one of Docker's filters (${option})`;
      }),
  ],
};

/** Users and writable roots. */
const ownUser: Rule = {
  id: "D8",
  title: "A container runs as a user of its own, on a root that it cannot write to",
  why: "Root in a container is root on the server but for the walls between; a root that is writable keeps what an intruder leaves.",
  fix: "Set `user` to a number that the image knows, `readOnly: true`, and `tmpfs` or a volume for what must be written.",
  level: "mandatory",
  sources: ["CIS Docker Benchmark 4.1, 5.13", "Checkov CKV_DOCKER_3, CKV_DOCKER_8"],
  allow: { what: "Services whose root may be writable.", usual: [] },
  scope: "resource",
  about: isContainer,
  check: [
    function* ({ inputs }) {
      const user = inputs.at("user").text();
      if (user === undefined || user === "") yield "has no user, so runs as the one of its image, or root";
      else if (/^(0|root)(:|$)/.test(user)) yield `runs as root (${user})`;
    },
    function* (container, { allow }) {
      if (!container.inputs.at("readOnly").isTrue() && !allow.includes(serviceOf(container)))
        yield "can write to its root";
    },
  ],
};

/** Rules on what a container may do to its server. */
export const privilegeRules: readonly Rule[] = [ownNamespaces, noHostFolders, noCapabilities, ownUser];

function hostPaths(inputs: Value): { path: Value; readOnly: Value }[] {
  const volumes = inputs.at("volumes").items();
  const binds = inputs
    .at("mounts")
    .items()
    .filter((mount) => mount.at("type").text() === "bind");
  return [
    ...volumes.map((volume) => ({ path: volume.at("hostPath"), readOnly: volume.at("readOnly") })),
    ...binds.map((mount) => ({ path: mount.at("source"), readOnly: mount.at("readOnly") })),
  ].filter(({ path }) => path.isGiven);
}

function normalised(path: string): string {
  return path.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");
}

function isOfSystem(folder: string): boolean {
  return folder === "/" || systemTrees.some((tree) => folder === tree || folder.startsWith(`${tree}/`));
}
