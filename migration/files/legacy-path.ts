/** The segments of a legacy path, or why it is not to be followed. Segments that mean nothing (none, ".") are left out. */
export function segmentsOf(path: string | null): string[] | { readonly fault: string; readonly missing?: true } {
  if (path === null || path.trim() === "") return { fault: "the row names no file", missing: true };
  if (path.includes("\0")) return { fault: "the path holds a NUL" };
  if (path.includes("\\")) return { fault: "the path holds a backslash" };
  if (path.startsWith("/")) return { fault: "the path is absolute" };
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(path)) return { fault: "the path is an address or begins with a drive" };
  if (path.endsWith("/")) return { fault: "the path is a folder's" };
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..")) return { fault: "the path leads out of its folder" };
  if (segments.length === 0) return { fault: "the path is a folder's" };
  return segments;
}

/** Names under which a file system may hold what a row calls `name`: accents in one character or in two. */
export const spellings = (name: string): string[] => [...new Set([name, name.normalize("NFC"), name.normalize("NFD")])];
