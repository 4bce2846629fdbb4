import type { RehearsalImage } from "../images/build.ts";

/** The image of every vantage that checks are made from. */
export const strangerImage: RehearsalImage = { name: "stranger", estimate: 40 };
