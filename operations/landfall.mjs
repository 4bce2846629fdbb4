#!/usr/bin/env node
// `npx landfall …`: moves legacy systems, from any folder, with or without an environment. operations/landfall.ts has the rest.
import { run } from "../tools/run.mjs";

// Rows pass through in buffers that live for a moment: a large nursery for them costs 40 MB and saves no time.
run("operations/landfall.ts", process.argv.slice(2), ["--max-semi-space-size=2"]);
