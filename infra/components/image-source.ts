import type { BuildEngine } from "./build-engine.ts";

/** Where the images on a server come from. */
export type ImageSource =
  /** Built by the server's own engine. */
  | { readonly kind: "built-there" }
  /** Built elsewhere, and streamed to the server's engine. */
  | { readonly kind: "streamed"; readonly builder: BuildEngine }
  /** Built elsewhere, and pulled by the server's engine from a registry. */
  | { readonly kind: "registry"; readonly builder: BuildEngine };
