import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { types } from "./resource-types.ts";

let host: ChildProcess;
let client: InstanceType<typeof services.AnalyzerClient>;

beforeAll(async () => {
  const config = { "landfall:policy": JSON.stringify({ rules: { D2: { level: "advisory" } } }) };
  // As the engine starts it: in the pack's folder, with its own address and the stack's settings.
  host = spawn(join(import.meta.dirname, "host/pulumi-analyzer-policy-landfall-rules"), ["127.0.0.1:1", "."], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PULUMI_CONFIG: JSON.stringify(config) },
  });
  if (host.stdout === null) throw new Error("no output");
  const [port] = (await once(createInterface(host.stdout), "line")) as [string];
  client = new services.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
});

afterAll(() => {
  client.close();
  host.kill();
});

test("the engine's question about a container is answered by each rule that it breaks", async () => {
  const request = new messages.AnalyzeRequest();
  request.setUrn(`urn:pulumi:test::landfall::${types.container}::app`);
  request.setName("app");
  request.setType(types.container);
  request.setProperties(struct.Struct.fromJavaScript({ privileged: true, user: "root", readOnly: true }));
  const options = new messages.AnalyzerResourceOptions();
  options.setCustomtimeouts(new messages.AnalyzerResourceOptions.CustomTimeouts());
  request.setOptions(options);
  const answer = await new Promise<InstanceType<typeof messages.AnalyzeResponse>>((resolve, reject) => {
    client.analyze(request, (error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
  const found = answer.getDiagnosticsList().map((one) => [one.getPolicyname(), one.getEnforcementlevel()]);
  const { ADVISORY, MANDATORY } = messages.EnforcementLevel;
  expect(found).toContainEqual(["D2", ADVISORY]);
  expect(found).toContainEqual(["D8", MANDATORY]);
  expect(found.map(([rule]) => rule)).not.toContain("D11");
});
