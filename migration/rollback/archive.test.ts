import { expect, test } from "vitest";
import { ownEntries } from "./archive.ts";

const ours = `7; 2615 16386 SCHEMA - accounts landfall_owner
4021; 0 0 ACL - SCHEMA accounts landfall_owner
2; 3079 16999 EXTENSION - unaccent 
4030; 0 0 COMMENT - SCHEMA accounts landfall_owner
216; 1259 16385 TABLE public schema_migrations landfall_owner
215; 1259 16384 SEQUENCE public schema_migrations_id_seq landfall_owner
4022; 0 0 ACL public TABLE schema_migrations landfall_owner
218; 1259 16403 TABLE accounts users landfall_owner
4001; 0 16403 TABLE DATA accounts users landfall_owner
4040; 0 0 SEQUENCE SET accounts users_id_seq landfall_owner
3712; 2606 16420 FK CONSTRAINT accounts profiles profiles_user_id_fkey landfall_owner
3500; 3602 17001 TEXT SEARCH CONFIGURATION accounts english landfall_owner
2250; 826 17100 DEFAULT ACL accounts DEFAULT PRIVILEGES FOR TABLES landfall_owner`.split("\n");

const theirs = `; Archive created at 2024-02-29 12:00:00 UTC
;     dbname: landfall
4000; 0 0 ENCODING - ENCODING 
8; 2615 2200 SCHEMA - accounts_of_theirs somebody
3; 3079 16998 EXTENSION - pg_stat_statements 
4031; 0 0 COMMENT - EXTENSION pg_stat_statements 
217; 1259 16390 TABLE public theirs somebody
219; 1259 16400 TABLE accounts_of_theirs users somebody
2251; 826 17101 DEFAULT ACL - DEFAULT PRIVILEGES FOR TABLES landfall_owner`.split("\n");

test("of a dump's table of contents, what is ours is restored and nothing else", () => {
  const contents = [...theirs, ...ours].join("\n");
  expect(ownEntries(contents, { schemas: ["accounts"], extensions: ["unaccent"] })).toEqual(ours);
});
