import Docker from "dockerode";
import { expect, test } from "vitest";
import { CommandAgent } from "./command-agent.ts";

const engineBehind = (script: string): Docker => {
  const options = { host: "docker", port: 80, agent: new CommandAgent({ program: "sh", args: ["-c", script] }) };
  return new Docker({ protocol: "http", ...options });
};

test("an engine answers through a command's input and output", async () => {
  const body = JSON.stringify({ Version: "26.1" });
  const answer = `HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: ${String(body.length)}\\r\\n\\r\\n`;
  const { Version } = await engineBehind(`read -r line; printf '${answer}%s' '${body}'`).version();
  expect(Version).toBe("26.1");
});

test("a command that fails is told of in its own words", async () => {
  const refused = engineBehind("echo 'deploy@198.51.100.7: Permission denied (publickey).' >&2; exit 255");
  await expect(refused.version()).rejects.toThrow("Permission denied (publickey)");
});
