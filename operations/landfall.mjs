#!/usr/bin/env node
// `npx landfall …`: moves legacy systems, from any folder, with or without an environment. operations/landfall.ts has the rest.
import { run } from "../tools/run.mjs";

// Rows pass through in buffers that live for a moment: a large nursery and an arena a thread cost 80 MB and save no time.
run("operations/landfall.ts", process.argv.slice(2), {
  options: ["--max-semi-space-size=1"],
  environment: { MALLOC_ARENA_MAX: "1" },
});
