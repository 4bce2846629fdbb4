import { bytes } from "../units.ts";
import type { Settings } from "../settings.ts";
import type { WrongCombination } from "./combination.ts";

/** Connections beside those of the pools: for the migration, backups and the operator. */
const otherConnections = 15;

/** What does not go with the database. */
export function wrongDatabase({ postgres, servers, app }: Settings): WrongCombination[] {
  const { platform, moveFrom, managed, pool, maxConnections } = postgres;
  const wrong: WrongCombination[] = [];
  const refuse = (path: WrongCombination["path"], message: string, input: unknown): void => {
    wrong.push({ path: ["postgres", ...path], message, input });
  };
  const pools = servers.filter(({ roles }) => roles.includes("app")).length;
  const left = Math.floor((maxConnections - otherConnections) / Math.max(pools, 1));
  if (pool.size > left) {
    const most = `at most ${String(left)}: landfall:postgres.maxConnections (${String(maxConnections)}) less ${String(otherConnections)}`;
    const share = pools > 1 ? `, shared by the pools of ${String(pools)} servers with the role 'app'` : "";
    refuse(["pool", "size"], `${most}, which the migration, backups and the operator need${share}`, pool.size);
  }
  const least = 2 * app.poolSize;
  if (pool.maxClients < least) {
    const message = `at least ${String(least)}: a release and the one before it, side by side, with landfall:app.poolSize (${String(app.poolSize)}) each`;
    refuse(["pool", "maxClients"], message, pool.maxClients);
  }
  const runsHere = [platform, moveFrom].includes("container");
  if (runsHere && bytes(postgres.sharedBuffers) > bytes(postgres.limits.memory) * 0.75) {
    const message = "at most three quarters of landfall:postgres.limits.memory: sessions need the rest";
    refuse(["sharedBuffers"], message, postgres.sharedBuffers);
  }
  if (moveFrom === platform) {
    const other = platform === "managed" ? "container" : "managed";
    refuse(
      ["moveFrom"],
      `"${other}", or nothing: the database is at "${platform}" (landfall:postgres.platform)`,
      moveFrom,
    );
  }
  const uses = [platform, moveFrom].includes("managed");
  if (uses && managed === undefined) {
    refuse(["managed"], 'a group of settings with a plan, such as { type: "g6-dedicated-4" }', managed);
  }
  if (!uses && managed !== undefined) {
    const message = 'nothing, as landfall:postgres.platform is "container" and nothing is moved from a managed cluster';
    refuse(["managed"], message, managed);
  }
  if (uses && servers.some((server) => server.platform !== "linode")) {
    const message =
      '"container": a managed cluster admits Linodes, whose public addresses it knows, and no other server';
    refuse(["platform"], message, platform);
  }
  return wrong;
}
