import type { RehearsalImage } from "../images/build.ts";
import { gatewayProgram, objectStorageGateway } from "./gateway.ts";

/** The image of object storage. */
export const storageImage: RehearsalImage = {
  name: "storage",
  first: objectStorageGateway,
  files: () => ({ versitygw: { path: gatewayProgram } }),
  estimate: 20,
};
