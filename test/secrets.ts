/** A value of the state that must stand nowhere in clear. */
export interface StackSecret {
  /** Where it stands in the state, for example `postgres-owner-password result`. */
  readonly place: string;
  readonly value: string;
}

/** The mark that the engine puts on a secret in an export. */
const signature = "4dabf18193072939515e22adb298388d";

/**
 * Every secret text of a state that was exported with its secrets in clear, deepest texts one by one: a secret file's
 * lines count when they look like a password or a line of a key.
 *
 * @param exported what `pulumi stack export --show-secrets` prints
 */
export function secretsOf(exported: string): StackSecret[] {
  const found = new Map<string, string>();
  const visit = (node: unknown, place: string, secret: boolean): void => {
    if (typeof node === "string") {
      if (secret) for (const value of telling(node)) if (!found.has(value)) found.set(value, place);
    } else if (Array.isArray(node)) {
      for (const item of node) visit(item, place, secret);
    } else if (typeof node === "object" && node !== null) {
      const inner = "plaintext" in node && signature in node ? plain(node.plaintext) : undefined;
      if (inner !== undefined) visit(inner, place, true);
      else for (const [key, value] of Object.entries(node)) visit(value, nameOf(node, key, place), secret);
    }
  };
  visit(JSON.parse(exported), "", false);
  return [...found].map(([value, place]) => ({ place, value }));
}

/** What of a secret text is worth looking for: whole short texts, and the lines of longer ones that say something. */
function telling(text: string): string[] {
  // An address without credentials is delivered beside secrets, and is none.
  if (/^https:\/\/[^@\s]+$/.test(text)) return [];
  if (!text.includes("\n")) return text.length >= 12 ? [text] : [];
  const inKey = /-----BEGIN (?:EC |RSA )?PRIVATE KEY-----([^-]+)-----END/.exec(text)?.[1];
  // Of a P-256 key in PKCS #8 the private number lies in the first two lines; the rest is the public key.
  if (inKey !== undefined) return inKey.trim().split("\n").slice(0, 2);
  return [...text.matchAll(/(?:requirepass |")([A-Za-z0-9]{24,})/g)].flatMap(([, value]) =>
    value === undefined ? [] : [value],
  );
}

function plain(text: unknown): unknown {
  return typeof text === "string" ? JSON.parse(text) : undefined;
}

function nameOf(node: object, key: string, place: string): string {
  const urn = "urn" in node && typeof node.urn === "string" ? node.urn.split("::").at(-1) : undefined;
  return urn === undefined ? place : `${urn} ${key}`;
}
