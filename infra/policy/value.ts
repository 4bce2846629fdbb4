/** Stands for a value that only the change itself will tell. */
export const unknown: unique symbol = Symbol("unknown");
/** Stands for a secret, which no rule gets to see. */
export const secret: unique symbol = Symbol("secret");

/** Thrown when a rule asks for a value that cannot be told: the rule is then not evaluated, never passed. */
export class NotTellable extends Error {
  /** Where the value stands in its resource, for example `ports[0].ip`. */
  readonly property: string;
  readonly reason: "unknown" | "secret";

  constructor(property: string, reason: "unknown" | "secret") {
    super(`${property} is ${reason === "secret" ? "a secret" : "not known before the change is made"}`);
    this.name = "NotTellable";
    this.property = property;
    this.reason = reason;
  }
}

/**
 * A value of a planned resource. Whoever reads it gets the value itself, undefined where none is given, or a
 * NotTellable: there is no way to take an unknown value for one that is fine.
 */
export class Value {
  private readonly raw: unknown;
  /** Where it stands in its resource. */
  readonly path: string;

  constructor(raw: unknown, path = "") {
    this.raw = raw ?? undefined;
    this.path = path;
  }

  /** Whether there is a value at all, be it unknown. */
  get isGiven(): boolean {
    return this.raw !== undefined;
  }

  /** Whether it is a secret, or holds one. */
  get isSecret(): boolean {
    return holdsSecret(this.raw);
  }

  /** What an object holds under a key. @throws NotTellable */
  at(key: string): Value {
    const found = this.tell();
    const path = this.path === "" ? key : `${this.path}.${key}`;
    return new Value(isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined, path);
  }

  /** The keys of an object. @throws NotTellable */
  keys(): string[] {
    const found = this.tell();
    return isRecord(found) ? Object.keys(found) : [];
  }

  /** What a list holds; nothing where there is no list. @throws NotTellable */
  items(): Value[] {
    const found = this.tell();
    if (!Array.isArray(found)) return [];
    return found.map((item, index) => new Value(item, `${this.path}[${String(index)}]`));
  }

  /** A text, or a number as text. @throws NotTellable */
  text(): string | undefined {
    const found = this.tell();
    if (typeof found === "string") return found;
    return typeof found === "number" ? String(found) : undefined;
  }

  /** A number, or a text that is one. @throws NotTellable */
  number(): number | undefined {
    const found = this.tell();
    if (typeof found === "number") return found;
    return typeof found === "string" && found.trim() !== "" ? Number(found) : undefined;
  }

  /** Whether it is `true`. @throws NotTellable */
  isTrue(): boolean {
    return this.tell() === true;
  }

  /** The texts of a list. @throws NotTellable when one of them cannot be told */
  texts(): string[] {
    return this.items().flatMap((item) => item.text() ?? []);
  }

  private tell(): unknown {
    if (this.raw === unknown) throw new NotTellable(this.path, "unknown");
    if (this.raw === secret) throw new NotTellable(this.path, "secret");
    return this.raw;
  }
}

/**
 * Asks the same of several things. One that cannot be told keeps no other from being asked; it is thrown in the end.
 *
 * @throws NotTellable
 */
export function* ofEach<T>(things: readonly T[], ask: (thing: T) => Iterable<string>): Iterable<string> {
  let first: NotTellable | undefined;
  for (const thing of things) {
    try {
      yield* ask(thing);
    } catch (error) {
      if (!(error instanceof NotTellable)) throw error;
      first ??= error;
    }
  }
  if (first !== undefined) throw first;
}

function holdsSecret(raw: unknown): boolean {
  if (raw === secret) return true;
  if (Array.isArray(raw)) return raw.some(holdsSecret);
  return isRecord(raw) && Object.values(raw).some(holdsSecret);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
