import { expect, test } from "vitest";
import { whyKept } from "./network-removal.ts";

test("a network that others are on is theirs to leave, and they are named", () => {
  const containers = { "1f2e": { Name: "their-database" }, "3d4c": { Name: "their-app" } };
  expect(whyKept({ Name: "landfall-rehearsal-staging-public", Containers: containers })).toBe(
    "The network landfall-rehearsal-staging-public is still there, for containers are on it that are not the rehearsal's: " +
      "their-database, their-app. Take them off it (docker network disconnect landfall-rehearsal-staging-public CONTAINER), " +
      "and run this again.",
  );
});

test("a network that nothing is on waits for an engine that counts anew", () => {
  const text = whyKept({ Name: "landfall-rehearsal-staging-public", Containers: {} });
  expect(text).toContain("nothing is on it, but the Docker engine has lost count (moby/moby#42119)");
  expect(text).toContain("Restart the engine");
});
