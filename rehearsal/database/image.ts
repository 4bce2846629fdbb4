import type { RehearsalImage } from "../images/build.ts";

/** The image of managed databases. */
export const databaseImage: RehearsalImage = {
  name: "database",
  base: { image: "postgres", argument: "POSTGRES_IMAGE" },
  estimate: 20,
};
