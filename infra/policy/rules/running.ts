import { isContainer, isJob, isRelease } from "../container.ts";
import type { Rule } from "../rule.ts";
import { ofEach } from "../value.ts";
import { types } from "../resource-types.ts";

/** Seconds that a release has for the requests in flight: the proxy waits no longer for an answer. */
const drainSeconds = 30;

/** Health checks and gates. */
const gated: Rule = {
  id: "D6",
  title: "A container is vouched for by a gate, and a health check of its own is complete",
  why: "Without a gate an update is done when a container was started, whether or not it works.",
  fix: "Put a gate behind it (`containerGate`, `HealthGate`, `MigrationGate`), which takes the container's id. A `healthcheck` needs `tests`, `interval`, `timeout`, `retries` and `startPeriod`.",
  level: "mandatory",
  sources: ["CIS Docker Benchmark 4.6, 5.27"],
  scope: "plan",
  about: isContainer,
  check: [
    function* (container, { plan }) {
      const gates = plan.ofKind(types.gate);
      if (!gates.some((gate) => plan.isFrom(gate, "container", container.urn))) yield "has no gate that waits for it";
    },
    ({ inputs }) => {
      const check = inputs.at("healthcheck");
      const parts = check.isGiven ? ["interval", "timeout", "retries", "startPeriod"] : [];
      return ofEach(parts, function* (part) {
        if (!check.at(part).isGiven) yield `has a health check without ${part}`;
      });
    },
    function* ({ inputs }) {
      const [first] = inputs.at("healthcheck").at("tests").items();
      if (first?.text() === "NONE") yield "switches the health check of its image off";
    },
  ],
};

/** Limits and logs. */
const limited: Rule = {
  id: "D7",
  title: "A container has limits on memory and processors, and its log is rotated",
  why: "One that leaks, or is flooded, takes the server with it; a log that only grows fills the disk.",
  fix: 'Set `memory`, `cpus`, `logDriver: "json-file"` and `logOpts` with `max-size` and `max-file`. The number of processes is limited by the engine.',
  level: "mandatory",
  sources: ["CIS Docker Benchmark 2.13, 5.11, 5.12, 5.29", "https://docs.docker.com/engine/logging/drivers/json-file/"],
  scope: "resource",
  about: isContainer,
  check: [
    function* ({ inputs }) {
      if ((inputs.at("memory").number() ?? 0) <= 0) yield "has no limit on memory";
    },
    function* ({ inputs }) {
      if ((inputs.at("cpus").number() ?? 0) <= 0) yield "has no limit on processors";
    },
    function* ({ inputs }) {
      const driver = inputs.at("logDriver").text();
      if (driver === undefined) yield "has no log driver of its own, so a log that only grows";
      else if (driver === "json-file" || driver === "local") {
        const options = inputs.at("logOpts");
        // The driver `local` rotates by itself.
        const missing = ["max-size", "max-file"].filter((key) => driver === "json-file" && !options.at(key).isGiven);
        if (missing.length > 0) yield `has a log that only grows: ${missing.join(" and ")} missing from logOpts`;
      }
    },
  ],
};

/** Restart policies. */
const restarted: Rule = {
  id: "D10",
  title: "A container says whether it is started again: what serves is, a job is not",
  why: "A service that stays down after a fault, and a job that runs again by itself, are both surprises.",
  fix: 'Set `restart: "unless-stopped"`; for a job `restart: "no"` with `mustRun: false`.',
  level: "mandatory",
  sources: [
    "CIS Docker Benchmark 5.15; against its on-failure:5 on purpose, as a server that was restarted must serve again",
  ],
  scope: "resource",
  about: isContainer,
  check: [
    function* (container) {
      const restart = container.inputs.at("restart").text();
      const wanted = isJob(container) ? "no" : "unless-stopped";
      if (restart === undefined) yield "does not say whether it is started again";
      else if (restart !== wanted)
        yield `is ${isJob(container) ? "a job" : "to go on running"}, and its restart policy is ${restart}`;
    },
  ],
};

/** Time to stop. */
const drained: Rule = {
  id: "D12",
  title: "A container has time to end its work, and a release time to drain",
  why: "Without it the Docker provider kills at once: requests in flight are lost, databases recover from their log.",
  fix: `Set \`destroyGraceSeconds\`, for a release to ${String(drainSeconds)} or more. It must have been deployed before the update that needs it.`,
  level: "mandatory",
  sources: [
    "https://github.com/kreuzwerker/terraform-provider-docker (internal/provider/resource_docker_container_funcs.go, delete)",
  ],
  scope: "resource",
  about: isContainer,
  check: [
    function* (container) {
      const grace = container.inputs.at("destroyGraceSeconds").number() ?? 0;
      if (grace <= 0) yield "is killed without time to end its work";
      else if (isRelease(container) && grace < drainSeconds)
        yield `is a release and has ${String(grace)} s to drain, less than ${String(drainSeconds)} s`;
    },
  ],
};

/** Rules on how containers start, live and end. */
export const runningRules: readonly Rule[] = [gated, limited, restarted, drained];
