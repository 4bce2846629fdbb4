import { installPackages } from "../debian.ts";
import { findProgram } from "../process.ts";
import type { Step } from "../step.ts";

/** The browser for tests: LANDFALL_BROWSER if it is set, else the first that this machine has. */
export function findBrowser(): string | undefined {
  const named = process.env["LANDFALL_BROWSER"];
  if (named !== undefined) return named;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    const program = findProgram(name);
    if (program !== undefined) return program;
  }
  return undefined;
}

/** Chromium, which only tests need. */
export function browser(): Step {
  return {
    name: "Chromium for the browser tests",
    estimate: 60,
    needed: () => (findBrowser() === undefined ? "not installed" : undefined),
    run: (progress) => installPackages(["chromium"], "To have a browser for the tests", progress),
  };
}
