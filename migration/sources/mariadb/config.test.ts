import { expect, test } from "vitest";
import { mariadbConfig } from "./config.ts";

test.each([
  [
    "mysql://app:p%40ss@db.example:3307/shop",
    { host: "db.example", port: 3307, user: "app", password: "p@ss", database: "shop" },
  ],
  ["mariadb://app@[::1]/shop", { host: "::1", port: 3306, user: "app", database: "shop" }],
  [
    "mysql://app@localhost/shop?socket=/run/s.sock&ssl=on",
    { host: "localhost", port: 3306, user: "app", database: "shop", socketPath: "/run/s.sock", ssl: {} },
  ],
])("%s is understood", (url, config) => {
  expect(mariadbConfig(new URL(url))).toEqual(config);
});

test.each([
  ["postgres://app:hush@db/shop", "not postgres://"],
  ["mysql://app:hush@db", "names one database"],
  ["mysql://app:hush@db/one/two", "names one database"],
  ["mysql://db/shop", "names a user"],
  ["mysql://app:hush@db/shop?tls=1", "no parameter tls"],
  ["mysql://app:hush@db/shop?ssl=maybe", 'ssl is "maybe"'],
])("%s is refused without its password", (url, reason) => {
  expect(() => mariadbConfig(new URL(url))).toThrow(reason);
  expect(() => mariadbConfig(new URL(url))).not.toThrow("hush");
});
