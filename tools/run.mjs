// Runs a TypeScript file of the project under the Node.js that the lock file names, after `npm ci` where that is due.
// Plain JavaScript without dependencies: it has to work with any Node.js from 18 on and with nothing installed.
//
//   node tools/run.mjs operations/start.ts [arguments]
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lowestNode = 24;

/** Why `npm ci` has to run, or undefined when what is installed is what package-lock.json says. */
function packagesNeeded() {
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  // npm writes this file last, so an interrupted installation does not have it.
  const installedList = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installedList)) return "they are not installed";
  const installed = JSON.parse(readFileSync(installedList, "utf8")).packages;
  for (const [path, { version, link, optional, peer }] of Object.entries(wanted)) {
    if (!path.startsWith("node_modules/")) continue;
    const found = installed[path];
    if (found === undefined ? optional || peer : link || found.version === version) continue;
    return `${path.slice("node_modules/".length)} is not the one in package-lock.json`;
  }
  return undefined;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Holds off a second run while one installs; returns what ends the hold. */
function takeLock() {
  mkdirSync(join(root, ".landfall"), { recursive: true });
  const path = join(root, ".landfall/packages.lock");
  for (let told = false; ;) {
    try {
      const file = openSync(path, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = Number(existsSync(path) ? readFileSync(path, "utf8") : 0);
    if (holder > 0 && !isAlive(holder)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) console.error(`Waiting for process ${holder}, which installs the npm packages …`);
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
}

function installPackages() {
  if (packagesNeeded() === undefined) return;
  const release = takeLock();
  try {
    const reason = packagesNeeded();
    if (reason === undefined) return;
    const started = Date.now();
    console.error(`npm packages: ${reason}. Running npm ci (about 20 s) …`);
    const npm = process.env.npm_execpath;
    const flags = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    // A run of npm inside a script of npm would take over the outer one's settings, --workspace for example.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_(config|package)_/i.test(name)),
    );
    const options = { cwd: root, stdio: ["ignore", 2, 2], env };
    const { status, error } =
      npm !== undefined && /npm-cli\.[cm]?js$/.test(npm)
        ? spawnSync(process.execPath, [npm, ...flags], options)
        : spawnSync("npm", flags, options);
    if (status !== 0) {
      const cause = error === undefined ? `it ended with ${status}` : error.message;
      console.error(`npm ci failed: ${cause}. Run "npm ci" in ${root} by hand, repair what it names, and start again.`);
      process.exit(1);
    }
    console.error(`npm packages: done in ${Math.round((Date.now() - started) / 1000)} s.`);
  } finally {
    release();
  }
}

/** The Node.js to run TypeScript with: the lock file's, or this very one on a platform that it has none for. */
function findNode() {
  const own = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(own)) {
    // npm 10 leaves this link out when it leaves out the packages of other platforms; programs beside it are run by it.
    const link = join(root, "node_modules/.bin/node");
    if (!existsSync(link)) {
      rmSync(link, { force: true });
      symlinkSync(own, link);
    }
    return own;
  }
  if (Number(process.versions.node.split(".")[0]) >= lowestNode) return process.execPath;
  console.error(
    `Landfall needs Node.js ${lowestNode}. For ${process.platform} on ${process.arch} no npm package brings it: install ` +
      `Node.js ${lowestNode} by hand (this one is ${process.version}) and run again.`,
  );
  process.exit(1);
}

/**
 * Runs a TypeScript file with arguments and ends this process as that one ended. `options` are Node.js's own, and
 * `environment` is what it gets besides.
 * A terminal sends Ctrl-C to all of its processes; elsewhere the signal has to be passed on. Either way this process
 * waits, so that what runs can end in order.
 */
export function run(script, args, { options = [], environment = {} } = {}) {
  installPackages();
  const node = findNode();
  const bin = join(root, "node_modules/.bin");
  const child = spawn(node, [...options, resolve(root, script), ...args], {
    stdio: "inherit",
    env: { ...environment, ...process.env, PATH: `${bin}:${process.env.PATH ?? ""}`, NODE_NO_WARNINGS: "1" },
  });
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  });
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`${node} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) {
    console.error("Usage: node tools/run.mjs FILE.ts [arguments]");
    process.exit(2);
  }
  run(script, args);
}
