import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMariaDB, type TestMariaDB } from "../../../test/services/mariadb.ts";
import { until } from "../../../test/stacks/until.ts";
import { Session } from "./session.ts";
import { openMariaDB } from "./source.ts";

let database: TestMariaDB;
const user = `narrow_${randomBytes(4).toString("hex")}`;

beforeAll(async () => {
  database = await createMariaDB();
  await database.run(`CREATE TABLE many (id int PRIMARY KEY);
INSERT INTO many SELECT seq FROM seq_1_to_100;
CREATE USER ${user} IDENTIFIED BY '${database.password}' WITH MAX_USER_CONNECTIONS 3;
GRANT SELECT ON ${database.database}.* TO ${user};
GRANT RELOAD ON *.* TO ${user};
SET GLOBAL init_connect = "SET sql_select_limit = IF(CURRENT_USER() LIKE 'narrow%', 7, 18446744073709551615),
  sql_big_selects = CURRENT_USER() NOT LIKE 'narrow%', max_join_size = IF(CURRENT_USER() LIKE 'narrow%', 9, 18446744073709551615)"`);
});

afterAll(async () => {
  await database.run(`SET GLOBAL init_connect = ''; DROP USER ${user}`);
  await database.drop();
});

test("a server that cuts answers off and refuses what reads much is read whole", async () => {
  const session = await Session.open({ ...database, user });
  expect(await session.rows("SELECT id FROM many")).toHaveLength(100);
  session.destroy();
});

test("a server that has fewer connections to give than are wanted says so, and none of them is left open", async () => {
  const source = await openMariaDB({ ...database, user });
  await expect(source.snapshot(8)).rejects.toThrow("max_user_connections");
  await source.close();
  const other = await Session.open(database);
  await until("all connections are closed", async () => {
    const open = await other.rows(`SELECT id FROM information_schema.processlist WHERE user = '${user}'`);
    return open.length === 0;
  });
  other.destroy();
});
