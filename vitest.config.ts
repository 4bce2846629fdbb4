import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const notTests = ["**/node_modules/**", "**/.landfall/**", "samples/**"];

/** Minutes as vitest wants them. */
const minutes = (count: number): number => count * 60_000;

/** Files share a process for each core, and with it what they all import: it takes a fifth of the time. */
const sharedProcesses = { isolate: false, maxWorkers: availableParallelism() };

export default defineConfig({
  test: {
    // Node.js itself runs the tests' files: Pulumi's dynamic providers are stored as the text of their functions, and
    // vitest's own module runner would rewrite that text.
    experimental: { viteModuleRunner: false },
    coverage: { provider: "v8", include: ["{app,infra,migration,operations,rehearsal,tools,images}/**/*.ts"] },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...notTests, "**/*.database.test.ts", "**/*.stack.test.ts", "**/*.drill.test.ts"],
          ...sharedProcesses,
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: ["**/*.database.test.ts"],
          exclude: notTests,
          globalSetup: ["test/services/setup.ts"],
          ...sharedProcesses,
          testTimeout: minutes(2),
          hookTimeout: minutes(2),
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Each brings up an environment of its own on the one engine, so they take turns.
        extends: true,
        test: {
          name: "stack",
          include: ["test/**/*.stack.test.ts"],
          exclude: notTests,
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: minutes(15),
          hookTimeout: minutes(15),
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "drill",
          include: ["test/**/*.drill.test.ts"],
          exclude: notTests,
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: minutes(60),
          hookTimeout: minutes(15),
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
