#!/usr/bin/env node
// `npx pulumi …`: Pulumi's own command line with the project's toolchain and state. tools/pulumi.ts has the rest.
import { run } from "./run.mjs";

run("tools/pulumi.ts", process.argv.slice(2));
