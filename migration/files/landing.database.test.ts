import { join } from "node:path";
import { folderStore } from "@landfall/app/storage/folder-store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLegacy, discard } from "../test/legacy.ts";
import { landAs, settingsFor } from "../test/landing.ts";
import { keysOf } from "../test/media-ground.ts";
import { unpackMedia } from "../test/media.ts";
import { RollbackGround } from "../test/rollback-ground.ts";

let ground: RollbackGround;

beforeEach(async () => {
  ground = await RollbackGround.open();
});
afterEach(() => ground.close());

interface Point {
  readonly name: string;
  readonly phase: string;
}

test("a move brings rows and files, each with a rollback point before it, and goes back before either", async () => {
  const source = await createLegacy("listcutter");
  try {
    const objects = join(ground.folder, "objects");
    const store = folderStore(objects);
    const { host, port, user, password, database } = source;
    const settings = settingsFor(source, ground.target, {
      systems: ["listcutter"],
      sources: new Map([["listcutter", { kind: "postgresql", config: { host, port, user, password, database } }]]),
      rollbackDirectory: ground.points,
      media: new Map([["listcutter", unpackMedia("listcutter", ground.folder)]]),
      store: { kind: "folder", directory: objects },
    });
    const report = await landAs(settings);
    expect(report.state).toBe("verified");
    const files = await ground.ask<{ state: string; files: number }>(
      "SELECT state, count(*)::integer AS files FROM media.transfers GROUP BY 1 ORDER BY 1",
    );
    expect(files).toEqual([
      { state: "landed", files: 247 },
      { state: "missing", files: 3 },
    ]);
    expect(await keysOf(store, "listcutter/uploads/")).toHaveLength(247);
    const [rows, bytes] = await ground.ask<Point>("SELECT name, phase FROM operations.rollback_points ORDER BY id");
    expect([rows?.phase, bytes?.phase]).toEqual(["rows", "files"]);
    const back = await ground.restore(bytes?.name ?? "", { store });
    expect(back.objects?.later).toHaveLength(247);
    const left = await ground.ask(
      "SELECT (SELECT count(*)::integer FROM media.files) AS files, (SELECT count(*)::integer FROM media.transfers) AS transfers",
    );
    expect(left).toEqual([{ files: 250, transfers: 0 }]);
    await ground.restore(rows?.name ?? "");
    expect(await ground.ask("SELECT to_regclass('media.files') AS files")).toEqual([{ files: null }]);
  } finally {
    await discard(source);
  }
});
