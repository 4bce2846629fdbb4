import { expect, test } from "vitest";
import { describeFailure, type CertificateGateInputs } from "./certificate.ts";

const inputs: CertificateGateInputs = {
  engine: "unix:///run/docker.sock",
  container: "0123456789ab",
  hosts: ["learn.example.com"],
  directory: "https://acme.example.com/dir",
  challenge: "http-01",
  deadlineSeconds: 300,
};

test("a refused challenge is told with the host, the issuer's words, and what to look at", () => {
  const stdout = `asking https://acme.example.com/dir for learn.example.com by http-01
Could not obtain certificates:
	error: one or more domains had a problem:
[learn.example.com] acme: error: 403 :: urn:ietf:params:acme:error:unauthorized :: Invalid response: 404
`;
  expect(describeFailure({ exitCode: 1, stdout, stderr: "" }, inputs)).toBe(
    `There is no certificate for learn.example.com: it was not issued
  issuer:    https://acme.example.com/dir
  challenge: http-01
  reason:
    learn.example.com: unauthorized: Invalid response: 404
  next:      see that every host's A and AAAA records point to this server and that the world reaches its port 80, then run the same command again; where they cannot, choose landfall:certificate.challenge: dns-01`,
  );
});

test("a run that does not end is told as late, with its last lines", () => {
  const stdout = "asking https://acme.example.com/dir for learn.example.com by http-01\n";
  const text = describeFailure({ exitCode: 124, stdout, stderr: "" }, inputs);
  expect(text).toContain("the issuer was not done within 300 s");
  expect(text).toContain("    asking https://acme.example.com/dir for learn.example.com by http-01\n");
});
