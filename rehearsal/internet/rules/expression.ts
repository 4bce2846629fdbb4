import { ExpressionError, tokensOf, type Token } from "./tokens.ts";

/** What a rule is matched against. */
export interface RequestFacts {
  readonly method: string;
  /** Lower case, without a port. */
  readonly host: string;
  /** Without the query. */
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
  /** Whether the visitor came over TLS. */
  readonly ssl: boolean;
}

/** A parsed expression. */
export interface Expression {
  /** Names of the fields in it. */
  readonly fields: readonly string[];
  matches(facts: RequestFacts): boolean;
}

type Predicate = (facts: RequestFacts) => boolean;
type TextOf = (facts: RequestFacts) => string;

const texts: Readonly<Record<string, TextOf>> = {
  "http.request.uri.path": ({ path }) => path,
  "http.request.uri.path.extension": ({ path }) => extensionOf(path),
  "http.request.uri.query": ({ query }) => query,
  "http.request.method": ({ method }) => method,
  "http.host": ({ host }) => host,
};

/** Operators of the language that the rehearsal does not play, and why. */
const unplayed: Readonly<Record<string, string>> = {
  matches: "regular expressions need a Business plan",
  "~": "regular expressions need a Business plan",
  wildcard: "the rehearsal does not play wildcards; use starts_with() or ends_with()",
  strict: "the rehearsal does not play wildcards; use starts_with() or ends_with()",
};

/** The extension of a path's file, lower case, without the dot; empty when it has none. */
export function extensionOf(path: string): string {
  return /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
}

/**
 * Reads an expression of Cloudflare's rules language, as far as the rehearsal plays it
 * (developers.cloudflare.com/ruleset-engine/rules-language): comparisons of texts with `eq`, `ne`, `contains` and `in`,
 * `starts_with()`, `ends_with()`, `lower()`, the field `ssl`, `true` and `false`, `not`, `and`, `xor`, `or`.
 *
 * @throws ExpressionError with what cannot be read or is not played, by its name
 */
export function parseExpression(expression: string): Expression {
  const reader = new Reader(tokensOf(expression));
  const matches = reader.whole();
  return { fields: [...reader.fields], matches };
}

class Reader {
  readonly fields = new Set<string>();
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Predicate {
    const predicate = this.#any();
    if (this.#peek().kind !== "end") throw this.#unexpected("and, or, or the end");
    return predicate;
  }

  #any(): Predicate {
    return this.#chain(
      ["or", "||"],
      () => this.#either(),
      (a, b) => a || b,
    );
  }

  #either(): Predicate {
    return this.#chain(
      ["xor", "^^"],
      () => this.#all(),
      (a, b) => a !== b,
    );
  }

  #all(): Predicate {
    return this.#chain(
      ["and", "&&"],
      () => this.#not(),
      (a, b) => a && b,
    );
  }

  #chain(operators: readonly string[], operand: () => Predicate, join: (a: boolean, b: boolean) => boolean): Predicate {
    let left = operand();
    while (operators.some((operator) => this.#take(operator))) {
      const [first, second] = [left, operand()];
      left = (facts) => join(first(facts), second(facts));
    }
    return left;
  }

  #not(): Predicate {
    if (this.#take("not") || this.#take("!")) {
      const inner = this.#not();
      return (facts) => !inner(facts);
    }
    if (this.#take("(")) {
      const inner = this.#any();
      this.#expect(")");
      return inner;
    }
    return this.#condition();
  }

  #condition(): Predicate {
    const { text } = this.#peek();
    if (this.#take("true")) return () => true;
    if (this.#take("false")) return () => false;
    if (text === "starts_with" || text === "ends_with") return this.#edgeOf(text);
    if (this.#take("ssl")) {
      this.fields.add("ssl");
      return ({ ssl }) => ssl;
    }
    const value = this.#text();
    return this.#comparison(value);
  }

  #edgeOf(name: "starts_with" | "ends_with"): Predicate {
    this.#expect(name);
    this.#expect("(");
    const value = this.#text();
    this.#expect(",");
    const part = this.#literal();
    this.#expect(")");
    return name === "starts_with" ? (facts) => value(facts).startsWith(part) : (facts) => value(facts).endsWith(part);
  }

  #comparison(value: TextOf): Predicate {
    if (this.#take("eq") || this.#take("==")) {
      const wanted = this.#literal();
      return (facts) => value(facts) === wanted;
    }
    if (this.#take("ne") || this.#take("!=")) {
      const unwanted = this.#literal();
      return (facts) => value(facts) !== unwanted;
    }
    if (this.#take("contains")) {
      const part = this.#literal();
      return (facts) => value(facts).includes(part);
    }
    if (this.#take("in")) {
      const members = this.#members();
      return (facts) => members.includes(value(facts));
    }
    const { text } = this.#peek();
    const reason = unplayed[text];
    if (reason !== undefined) throw new ExpressionError(`the operator ${text} is not available: ${reason}`);
    throw this.#unexpected("eq, ne, contains or in");
  }

  #members(): string[] {
    this.#expect("{");
    const members: string[] = [];
    while (!this.#take("}")) members.push(this.#literal());
    if (members.length === 0) throw new ExpressionError("the set after in is empty");
    return members;
  }

  /** A text that depends on the request: a field, or lower() of one. */
  #text(): TextOf {
    const token = this.#peek();
    if (this.#take("lower")) {
      this.#expect("(");
      const inner = this.#text();
      this.#expect(")");
      return (facts) => inner(facts).toLowerCase();
    }
    if (token.kind !== "word") throw this.#unexpected("a field");
    const field = texts[token.text];
    if (field === undefined) {
      const known = [...Object.keys(texts), "ssl"].join(", ");
      throw new ExpressionError(`the rehearsal does not play ${token.text}; it has the fields ${known}`);
    }
    this.#next += 1;
    this.fields.add(token.text);
    return field;
  }

  #literal(): string {
    const { kind, text } = this.#peek();
    if (kind !== "text") throw this.#unexpected("a text in double quotation marks");
    this.#next += 1;
    return text;
  }

  #peek(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new ExpressionError("the expression ends too early");
    return token;
  }

  /** Takes a word or sign if it comes next. A text in quotation marks is none. */
  #take(text: string): boolean {
    const token = this.#peek();
    if (token.text !== text || (token.kind !== "word" && token.kind !== "sign")) return false;
    this.#next += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#unexpected(text);
  }

  #unexpected(wanted: string): ExpressionError {
    const { text, at } = this.#peek();
    return new ExpressionError(`${wanted} is expected at character ${String(at)}, and there is ${text}`);
  }
}
