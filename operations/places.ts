import { isRecord } from "./record.ts";

/** A title and a text. */
export interface Place {
  title: string;
  text: string;
}

/** Titles and texts as lines, the texts below each other. */
export function alignedList(places: readonly Place[]): string[] {
  const width = Math.max(0, ...places.map(({ title }) => title.length));
  return places.map(({ title, text }) => {
    const [first = "", ...rest] = text.split("\n");
    return [`  ${title.padEnd(width)}  ${first}`, ...rest.map((line) => `${" ".repeat(width + 4)}${line}`)].join("\n");
  });
}

/** What a stack says about where things are: its output `whereThingsAre`. */
export function readPlaces(outputs: Readonly<Record<string, unknown>>): Place[] {
  const places = outputs["whereThingsAre"];
  if (!Array.isArray(places)) return [];
  return places.filter(isRecord).map(({ title, text }) => ({ title: String(title), text: String(text) }));
}
