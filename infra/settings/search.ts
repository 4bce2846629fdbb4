import { z } from "zod";
import { limits } from "./limits.ts";
import { bytes, size } from "./units.ts";

const index = "1 to 100 lower-case letters, digits, hyphens and underscores, starting with a letter";

/** What is asked when a person looks for something. */
export const search = z
  .discriminatedUnion(
    "engine",
    [
      z.strictObject({
        engine: z
          .literal("postgres")
          .default("postgres")
          .describe("The database itself, by its full text search. Nothing more runs."),
      }),
      z
        .strictObject({
          engine: z
            .literal("elasticsearch")
            .describe(
              "Elasticsearch 8 on the server with the role search, for which its maker's image must be to be had. While it is away the database is asked. A change is another release; the index fills by itself.",
            ),
          index: z
            .string(index)
            .regex(/^[a-z][a-z0-9_-]{0,99}$/, index)
            .default("landfall_content")
            .describe("Name of the index. Another one is filled anew; the old one stays."),
          heap: size
            .default("1 GiB")
            .describe("Memory of the Java machine, all of it taken at the start. A change replaces the container."),
          limits: limits("2 GiB", 2),
        })
        .refine((given) => bytes(given.heap) * 2 <= bytes(given.limits.memory), {
          // https://www.elastic.co/guide/en/elasticsearch/reference/8.19/advanced-configuration.html#set-jvm-heap-size
          message: "at most half of limits.memory: the rest is for the files of the index",
          path: ["heap"],
        }),
    ],
    { error: '"postgres" or "elasticsearch"' },
  )
  .prefault({});

/** The search as the settings describe it. */
export type SearchSettings = z.infer<typeof search>;
/** Elasticsearch as the settings describe it. */
export type ElasticsearchSettings = Extract<SearchSettings, { engine: "elasticsearch" }>;
