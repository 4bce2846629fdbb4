import { expect, test } from "vitest";
import { makeDataFolder } from "./data-folder.ts";

const engine = "ssh://deploy@198.51.100.64:22?identity=staging&hostKey=ssh-ed25519+AAAA";

test("a folder is made once the volume is mounted", async () => {
  const commands: string[] = [];
  const outs = await makeDataFolder({ engine, folder: "postgres", waitSeconds: 90 }, (_engine, { command }) => {
    commands.push(command);
    return Promise.resolve({ exitCode: 0, stdout: "", stderr: "" });
  });
  expect(outs).toEqual({ engine, folder: "postgres", waitSeconds: 90, path: "/srv/data/postgres" });
  expect(commands).toEqual([
    "sudo -n /usr/local/sbin/landfall-data wait 90 && sudo -n /usr/local/sbin/landfall-data folder postgres",
  ]);
});

test("a volume that is not mounted in time is told with what the server says", async () => {
  const stderr = "landfall-data: the volume has not been mounted within 180 s";
  await expect(
    makeDataFolder({ engine, folder: "redis" }, () => Promise.resolve({ exitCode: 1, stdout: "", stderr })),
  ).rejects.toThrow(`/srv/data/redis could not be made on the server at 198.51.100.64: ${stderr}`);
});

test.each(["../etc", "Postgres", "a b", "a;reboot", ""])(
  "'%s' is refused as a name before anything is asked",
  async (folder) => {
    await expect(makeDataFolder({ engine, folder }, () => Promise.reject(new Error("asked")))).rejects.toThrow(
      "is no name",
    );
  },
);
