import { join } from "node:path";
import type { Cloud } from "../cloud/cloud.ts";

/** The roots of a cloud's Origin CA, PEM; written when the cloud's internet starts. Only the edge knows them. */
export function originRootsFile(cloud: Cloud): string {
  return join(cloud.folder, "origin-ca-roots.pem");
}
