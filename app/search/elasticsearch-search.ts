import type { Client, estypes } from "@elastic/elasticsearch";
import { z } from "zod";
import { analysed } from "./elasticsearch-index.ts";
import { countMarks, marks, pieces } from "./excerpt.ts";
import { documentKinds, hitsOnPage, type Hit, type Question, type Reader, type Search } from "./search.ts";

const source = z.object({
  kind: z.enum(documentKinds),
  id: z.number(),
  course_id: z.number(),
  title: z.string(),
});

/** Searches the index of Elasticsearch 8. Titles weigh more; an index that is behind is the caller's to know. */
export function elasticsearchSearch(client: Client, index: string): Search {
  return {
    async find(question) {
      const { hits } = await client.search({ index, ...searchRequest(question) });
      const total = typeof hits.total === "number" ? hits.total : (hits.total?.value ?? 0);
      return { page: question.page, size: hitsOnPage, total, rows: hits.hits.flatMap(hitOf) };
    },
  };
}

/** What Elasticsearch is asked for a question. */
export function searchRequest({ text, reader, page }: Question): estypes.SearchRequest {
  const highlighted = (field: "title" | "body", options: estypes.SearchHighlightField) =>
    Object.fromEntries(analysed(field).map((name) => [name, options]));
  return {
    from: (page - 1) * hitsOnPage,
    size: hitsOnPage,
    _source: ["kind", "id", "course_id", "title"],
    query: {
      bool: {
        must: {
          // It makes no error of what is typed: https://www.elastic.co/guide/en/elasticsearch/reference/8.19/query-dsl-simple-query-string-query.html
          simple_query_string: {
            query: text.replace(/(?<=\s)or(?=\s)/gi, "|"),
            fields: [...analysed("title").map((name) => `${name}^3`), ...analysed("body")],
            default_operator: "and",
            flags: "PHRASE|NOT|OR|WHITESPACE",
          },
        },
        filter: visible(reader),
      },
    },
    sort: [{ _score: { order: "desc" } }, { kind: { order: "asc" } }, { id: { order: "asc" } }],
    highlight: {
      pre_tags: [marks.start],
      post_tags: [marks.end],
      fields: {
        ...highlighted("title", { number_of_fragments: 0 }),
        ...highlighted("body", { number_of_fragments: 1, fragment_size: 200, no_match_size: 200 }),
      },
    },
  };
}

function visible({ courses, governs }: Reader): estypes.QueryDslQueryContainer {
  const own: estypes.QueryDslQueryContainer = { terms: { course_id: [...courses] } };
  if (governs === undefined) return own;
  const governed: estypes.QueryDslQueryContainer =
    governs === null
      ? { bool: { must_not: { exists: { field: "source_system" } } } }
      : { term: { source_system: governs } };
  return { bool: { should: [own, governed], minimum_should_match: 1 } };
}

function hitOf({ _source, highlight = {} }: estypes.SearchHit): Hit[] {
  const parsed = source.safeParse(_source);
  if (!parsed.success) return [];
  const { kind, id, course_id: courseId, title } = parsed.data;
  return [
    {
      kind,
      id,
      courseId,
      title: pieces(best(highlight, "title") ?? title),
      snippet: pieces(best(highlight, "body") ?? ""),
    },
  ];
}

/** The field's text in which the most was found. */
function best(highlight: Readonly<Record<string, readonly string[]>>, field: "title" | "body"): string | undefined {
  const texts = analysed(field).flatMap((name) => highlight[name] ?? []);
  return texts.sort((one, other) => countMarks(other) - countMarks(one))[0];
}
