import type { Client, estypes } from "@elastic/elasticsearch";
import type { DocumentKey, SearchDocument, SearchIndex } from "./search.ts";

/** Raise it when the mapping changes: the index of an older shape is deleted and filled anew. */
const shape = 1;

const writeTimeoutMilliseconds = 30_000;

// "folded" also serves languages that have no analyser here: https://www.elastic.co/guide/en/elasticsearch/reference/8.19/analysis-lang-analyzer.html
const text: estypes.MappingProperty = {
  type: "text",
  analyzer: "folded",
  fields: {
    english: { type: "text", analyzer: "english" },
    german: { type: "text", analyzer: "german" },
    spanish: { type: "text", analyzer: "spanish" },
  },
};

/** The fields of a text: as it is written, and in each language. */
export const analysed = (field: "title" | "body"): string[] =>
  ["", ".english", ".german", ".spanish"].map((language) => `${field}${language}`);

/** An index of one server: it has one shard and no copies, as all that it holds can be had from the database again. */
export function elasticsearchIndex(client: Client, index: string): SearchIndex {
  const shapeThere = async (): Promise<number | undefined> => {
    const answer = await client.indices.getMapping({ index }, { ignore: [404] });
    const mapping = answer[index]?.mappings;
    return mapping === undefined ? undefined : Number(mapping._meta?.["shape"] ?? 0);
  };
  const remove = async (): Promise<void> => {
    await client.indices.delete({ index, ignore_unavailable: true });
  };
  return {
    async prepare() {
      const there = await shapeThere();
      if (there === shape) return "there";
      // A later release is taking over and fills it.
      if (there !== undefined && there > shape) return "newer";
      if (there !== undefined) await remove();
      // Another instance may be quicker: this then fails and the next look finds it there.
      await client.indices.create({
        index,
        settings: {
          number_of_shards: 1,
          number_of_replicas: 0,
          analysis: {
            analyzer: { folded: { type: "custom", tokenizer: "standard", filter: ["lowercase", "asciifolding"] } },
          },
        },
        mappings: {
          _meta: { shape },
          dynamic: false,
          properties: {
            kind: { type: "keyword" },
            id: { type: "long" },
            course_id: { type: "long" },
            source_system: { type: "keyword" },
            title: text,
            body: text,
          },
        },
      });
      return "made";
    },
    async write(documents, gone) {
      if (documents.length + gone.length === 0) return;
      const operations = [
        ...documents.flatMap((document) => [{ index: { _id: idOf(document) } }, sourceOf(document)]),
        ...gone.map((key) => ({ delete: { _id: idOf(key) } })),
      ];
      const answer = await client.bulk({ index, operations }, { requestTimeout: writeTimeoutMilliseconds });
      const failed = answer.items.flatMap((item) => Object.values(item)).filter(({ error }) => error !== undefined);
      const [first] = failed;
      if (first?.error === undefined) return;
      throw new Error(
        `Elasticsearch refused ${failed.length.toString()} of ${answer.items.length.toString()} documents; ` +
          `the first is ${first._id ?? "unnamed"}: ${first.error.reason ?? first.error.type}`,
      );
    },
    remove,
  };
}

function idOf({ kind, id }: DocumentKey): string {
  return `${kind}-${id.toString()}`;
}

function sourceOf({ kind, id, courseId, sourceSystem, title, body }: SearchDocument) {
  return { kind, id, course_id: courseId, source_system: sourceSystem, title, body };
}
