import { renderDocument } from "./document.ts";
import { plans } from "./plans.ts";

/** The pages that say how each legacy system lands, each by its path within the project. */
export const mappingPages = (): ReadonlyMap<string, string> =>
  new Map([...plans].map(([system, plan]) => [`docs/mapping/${system}.md`, renderDocument(plan)]));
