import type { Cloud } from "../cloud/cloud.ts";
import { encryptionChecks } from "./encryption.ts";
import type { Expectations } from "./expectations.ts";
import { nameChecks } from "./names.ts";
import { peerChecks } from "./peers.ts";
import { connectionChecks, scanChecks } from "./ports.ts";
import { remoteLoginChecks } from "./remote-login.ts";
import { runCheck, type Check, type CheckResult } from "./result.ts";
import { closeScene, openScene, type Scene } from "./scene.ts";
import { signInChecks } from "./sign-in.ts";
import { websiteChecks } from "./website.ts";

/**
 * Checks an environment as a stranger would, from outside: names, TLS, answers, sign-in, ssh, every port. All checks
 * are made, whatever fails; one that cannot be made has failed. Leaves nothing behind.
 *
 * @param onResult told of each result as it comes
 * @returns the results in the order of the report
 * @throws when there is no place to make checks from: the images are not built, or the network is not there
 */
export async function checkFromOutside(
  cloud: Cloud,
  expected: Expectations,
  onResult: (result: CheckResult) => void = () => undefined,
): Promise<CheckResult[]> {
  const scene = await openScene(cloud, expected);
  try {
    const lanes = lanesOf(scene);
    const results = await Promise.all(lanes.map((checks) => inTurn(checks, onResult)));
    return results.flat();
  } finally {
    await closeScene(scene);
  }
}

/** Groups that are checked at the same time; within each, one after the other. Scans would disturb one another. */
function lanesOf(scene: Scene): Check[][] {
  return [
    nameChecks(scene),
    encryptionChecks(scene),
    websiteChecks(scene),
    signInChecks(scene),
    remoteLoginChecks(scene),
    connectionChecks(scene),
    peerChecks(scene),
    scanChecks(scene),
  ];
}

async function inTurn(checks: readonly Check[], onResult: (result: CheckResult) => void): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const result = await runCheck(check);
    onResult(result);
    results.push(result);
  }
  return results;
}
