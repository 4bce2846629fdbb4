import { expect, test } from "vitest";
import { describeLate } from "./certificate-follower.ts";

test("a copy that does not come is told with where it is kept, the follower's words, and what to look at", () => {
  const inputs = {
    engine: "unix:///run/docker.sock",
    container: "0123456789ab",
    keeperEngine: "unix:///run/docker.sock",
    keeper: "ba9876543210",
    source: "https://10.77.0.11:8444",
    hosts: ["learn.example.com"],
    keeperSerial: "01",
    deadlineSeconds: 60,
    intervalSeconds: 2,
  };
  expect(describeLate(inputs, "curl: (28) Connection timed out")).toBe(
    `The certificate for learn.example.com has not come from the edge that keeps it within 60 s
  kept at: https://10.77.0.11:8444
  reason:  curl: (28) Connection timed out
  next:    see that the keeper's container certificate-source runs, and that the firewalls let the edges reach one another at that port; then run the same command again`,
  );
});
