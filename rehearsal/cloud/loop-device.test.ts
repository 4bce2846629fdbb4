import { expect, test } from "vitest";
import { parseLoopDevices } from "./loop-device.ts";

const cloud = { stack: "staging", folder: "/x", prefix: "198.51.100", tokens: { linode: "", cloudflare: "" } };

test("a cloud's own loop devices are told from others by their files' names, also when the files are gone", () => {
  const listed = [
    "/dev/loop0 /landfall-rehearsal.staging.volume-7.img",
    "/dev/loop1 /disks/landfall-rehearsal.staging.volume-8.img (deleted)",
    "/dev/loop2 /landfall-rehearsal.staging-2.volume-9.img",
    "/dev/loop3 /var/lib/snapd/snaps/core.snap",
    "",
  ].join("\n");
  expect(parseLoopDevices(listed, cloud)).toEqual([
    { number: 0, file: "landfall-rehearsal.staging.volume-7.img" },
    { number: 1, file: "landfall-rehearsal.staging.volume-8.img" },
  ]);
});
