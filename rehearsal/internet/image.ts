import { bundle } from "../../images/bundle.ts";
import type { RehearsalImage } from "../images/build.ts";

/** The image of all parts of the rehearsal's internet. */
export const internetImage: RehearsalImage = {
  name: "internet",
  base: { image: "node", argument: "NODE_IMAGE" },
  files: () => ({ "main.mjs": bundle("rehearsal/internet/main.ts") }),
  estimate: 30,
};
