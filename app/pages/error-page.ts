import { html } from "ghtml";
import { layout } from "./layout.ts";

const titles: ReadonlyMap<number, string> = new Map([
  [400, "Bad request"],
  [403, "Not allowed"],
  [404, "Not found"],
  [421, "Wrong host"],
  [429, "Too many attempts"],
  [503, "Not available right now"],
]);

/** The page for an error: a sentence and the request's id, nothing else. */
export function errorPage(error: {
  readonly status: number;
  readonly sentence: string;
  readonly requestId: string;
}): string {
  return layout({
    title: titles.get(error.status) ?? (error.status < 500 ? "Bad request" : "Something went wrong"),
    body: html`<p>${error.sentence}</p>
      <p><a href="/">Go to the start page</a></p>
      <p class="muted">Request <code>${error.requestId}</code></p>`,
  });
}
