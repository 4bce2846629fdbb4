import type { ObjectStorage } from "../storage/storage.ts";

/** Largest picture, in bytes. */
export const largestPicture = 1024 * 1024;

/** What the account page has to know of a user's picture. */
export type PictureState = "none" | "there" | "not to be had now";

/** The key under which a user's picture lies; there is one a user. */
export function pictureKey(userId: number): string {
  return `pictures/${userId.toString()}`;
}

/** Whether a user has a picture. Never throws: a page is of use without it. */
export async function pictureState(storage: ObjectStorage, userId: number): Promise<PictureState> {
  try {
    return (await storage.head(pictureKey(userId))) === undefined ? "none" : "there";
  } catch {
    return "not to be had now";
  }
}

// https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm
const signatures: readonly (readonly [type: string, isIt: (head: string) => boolean])[] = [
  ["image/png", (head) => head.startsWith("\x89PNG\r\n\x1a\n")],
  ["image/jpeg", (head) => head.startsWith("\xff\xd8\xff")],
  ["image/webp", (head) => head.startsWith("RIFF") && head.slice(8, 14) === "WEBPVP"],
];

/** The media type of a picture by its own first bytes, whatever its name says; undefined for anything else. */
export function pictureType(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  return signatures.find(([, isIt]) => isIt(head))?.[0];
}
