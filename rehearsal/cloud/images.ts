import type { Cloud } from "./cloud.ts";
import { readRecords, withCloudLock, writeRecords } from "./records.ts";

const section = "images";

/**
 * The full name of an image that was built for a cloud: `landfall-rehearsal/server:0123456789abcdef`.
 *
 * @throws when it was not built
 */
export function imageOf(cloud: Cloud, image: string): string {
  const name = readRecords<Record<string, string>>(cloud, section, {})[image];
  if (name !== undefined) return name;
  throw new Error(
    `The rehearsal cloud of "${cloud.stack}" has no image "${image}". ` +
      `Run "npm run rehearse -- ${cloud.stack}", which builds it.`,
  );
}

/** Notes the names of images that were built for a cloud. */
export async function noteImages(cloud: Cloud, names: Readonly<Record<string, string>>): Promise<void> {
  await withCloudLock(cloud, () => {
    writeRecords(cloud, section, { ...readRecords<Record<string, string>>(cloud, section, {}), ...names });
  });
}
