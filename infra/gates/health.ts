import type Docker from "dockerode";
import { isNotFound, openEngine } from "../engine/engine.ts";
import { failureLines } from "../engine/logs.ts";
import { describeAnswer, judge } from "./answer.ts";
import { whyDead, type Vitals } from "./death.ts";
import { ask, type Probe } from "./probe.ts";
import { watch, type Look, type WatchLimits } from "./watch.ts";

/** What a health gate is fed with: whom it asks, what it wants to hear, and what it vouches for. */
export interface HealthGateInputs extends WatchLimits {
  /** Address of the Docker engine. */
  readonly engine: string;
  /** Id of the container that must be healthy. */
  readonly container: string;
  /** Id of the image that the container must run; `sha256:…`. */
  readonly image: string;
  readonly probe: Probe;
  /** The release that must answer; empty when any may. */
  readonly release: string;
  /** Dependencies that the answer must report as true. */
  readonly checks: readonly string[];
  /** What else the verdict holds for, for example a configuration's hash: a change asks again. */
  readonly triggers: Readonly<Record<string, string>>;
}

/** What a passed gate leaves in the state. */
export interface HealthGateOutcome {
  readonly id: string;
  readonly outs: HealthGateInputs & { readonly passed: string };
}

/**
 * Waits until the container answers as it must, and rejects with the evidence when it does not.
 *
 * @throws an Error without an id, so that neither the state nor a refresh can take the gate for passed
 */
export async function passHealthGate(inputs: HealthGateInputs): Promise<HealthGateOutcome> {
  const engine = openEngine(inputs.engine);
  const restartsBefore = (await vitalsOf(engine, inputs.container))?.restarts ?? 0;
  const result = await watch(() => look(engine, inputs, restartsBefore), inputs);
  if (result.kind === "healthy") {
    return { id: inputs.container, outs: { ...inputs, passed: `${String(inputs.passes)} passes in a row` } };
  }
  const { name, state } = await describeContainer(engine, inputs.container);
  const log = await failureLines(engine, inputs.container);
  throw new Error(
    [
      `${name} did not become healthy: ${result.reason}`,
      `  after:       ${result.seconds.toFixed(1)} s of at most ${String(inputs.deadlineSeconds)} s`,
      `  container:   ${state}`,
      `  last answer: ${describeAnswer(result.last.answer)}`,
      ...(log.length > 0 ? ["  log:", ...log.map((line) => `    ${line}`)] : ["  log:         empty"]),
      `  next:        docker logs ${name}`,
    ].join("\n"),
  );
}

async function look(engine: Docker, inputs: HealthGateInputs, restartsBefore: number): Promise<Look> {
  const vitals = await vitalsOf(engine, inputs.container);
  const dead = vitals === undefined ? "the container no longer exists" : whyDead(vitals, inputs.image, restartsBefore);
  if (dead !== undefined) return { verdict: { passed: false, reason: dead }, hopeless: dead };
  const answer = await ask(engine, inputs.container, inputs.probe);
  return { answer, verdict: judge(answer, inputs) };
}

async function vitalsOf(engine: Docker, container: string): Promise<Vitals | undefined> {
  try {
    const { State, RestartCount, Image } = await engine.getContainer(container).inspect();
    const { Status: status, Running: running, Restarting: restarting, ExitCode: exitCode } = State;
    return { image: Image, status, running, restarting, exitCode, restarts: RestartCount };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function describeContainer(engine: Docker, container: string): Promise<{ name: string; state: string }> {
  try {
    const { Name, State, RestartCount } = await engine.getContainer(container).inspect();
    const state = `${State.Status}, exit code ${String(State.ExitCode)}, ${String(RestartCount)} restarts`;
    return { name: Name.replace(/^\//, ""), state };
  } catch {
    return { name: container.slice(0, 12), state: "gone" };
  }
}
