#!/usr/bin/env node
// `npx landfall …`: moves legacy systems, from any folder, with or without an environment. operations/landfall.ts has the rest.
import { run } from "../tools/run.mjs";

run("operations/landfall.ts", process.argv.slice(2));
