import { isContainer } from "../container.ts";
import type { Plan } from "../plan.ts";
import { remains, types } from "../resource-types.ts";
import type { Rule } from "../rule.ts";

const digest = /^sha256:[0-9a-f]{8,64}$/;

/** Images by content. */
const byContent: Rule = {
  id: "D5",
  title: "An image is named by its content and comes from a registry that is known",
  why: "What a tag means can change under a release: two servers run different things by one name, and nobody sees a difference.",
  fix: "Run the image's id, pull it by digest (`name@sha256:…`), build it under a name that carries the hash of its context; list a registry in the settings.",
  level: "mandatory",
  sources: [
    "Checkov CKV_DOCKER_7",
    "CIS Docker Benchmark 4.2; it stands against 5.28, always the latest, on purpose: an update is a change of the program",
  ],
  allow: {
    what: "Registries that images may come from, besides the one that the program pushes to.",
    usual: ["docker.elastic.co"],
  },
  scope: "plan",
  about: remains(types.container, types.image),
  check: [
    function* (container) {
      if (!isContainer(container)) return;
      const image = container.inputs.at("image").text() ?? "";
      if (!digest.test(image) && !isByDigest(image)) yield `runs "${image}", a name whose content can change`;
    },
    function* ({ type, inputs }) {
      if (type !== types.image) return;
      const name = inputs.at("name").text() ?? "";
      if (inputs.at("build").isGiven) {
        const tag = /:([^/:]+)$/.exec(name)?.[1] ?? "latest";
        if (!/^[0-9a-f]{12,64}$/.test(tag))
          yield `is built as ${name}, a name that does not carry the hash of what goes in`;
      } else if (!isByDigest(name)) {
        yield `is pulled as ${name}, a name whose content can change`;
      }
    },
    function* ({ type, inputs }, { plan, allow }) {
      if (type !== types.image || inputs.at("build").isGiven) return;
      const name = inputs.at("name").text() ?? "";
      const registry = registryOf(name);
      if (allow.includes(registry) || registriesOf(plan).includes(registry)) return;
      yield `is pulled from ${registry}, a registry that the settings do not name`;
    },
  ],
};

/** Images and their removal. */
const keptLocally: Rule = {
  id: "T6",
  title: "An image that goes from the program stays on its server",
  why: "The Docker provider removes images by name, also one that a container still runs: the update fails halfway.",
  fix: "Set `keepLocally: true`.",
  level: "mandatory",
  sources: [
    "https://github.com/kreuzwerker/terraform-provider-docker (internal/provider/resource_docker_image_funcs.go, delete)",
  ],
  scope: "resource",
  about: remains(types.image),
  check: [
    function* ({ inputs }) {
      if (!inputs.at("keepLocally").isTrue()) yield "would be removed by name when it is replaced";
    },
  ],
};

/** Rules on what containers are made from. */
export const imageRules: readonly Rule[] = [byContent, keptLocally];

function isByDigest(name: string): boolean {
  return digest.test(name.split("@").at(1) ?? "");
}

/** The registry of an image's name, as Docker reads it: what stands before the first slash, if it looks like a host. */
function registryOf(name: string): string {
  const [first = "", ...rest] = name.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : "docker.io";
}

/** The registries that the program pushes to. */
function registriesOf(plan: Plan): string[] {
  return plan.ofType(types.tag).map(({ inputs }) => registryOf(inputs.at("targetImage").text() ?? ""));
}
