/** A piece of an expression in Cloudflare's rules language. */
export interface Token {
  readonly kind: "word" | "text" | "number" | "sign" | "end";
  readonly text: string;
  /** Where it starts, counted from 1. */
  readonly at: number;
}

/** An expression that Cloudflare, or the rehearsal, does not take; the message says what and where. */
export class ExpressionError extends Error {}

const pattern =
  /\s*(?:(?<word>[a-zA-Z_][a-zA-Z0-9_.]*)|"(?<text>(?:[^"\\]|\\.)*)"|(?<number>\d+)|(?<sign>==|!=|&&|\|\||\^\^|<=|>=|[(){},!<>~*[\]]))/y;

/**
 * The pieces of an expression, an end last (developers.cloudflare.com/ruleset-engine/rules-language).
 *
 * @throws ExpressionError at a character that starts none
 */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const end = expression.trimEnd().length;
  let from = 0;
  while (from < end) {
    pattern.lastIndex = from;
    const groups = pattern.exec(expression)?.groups;
    if (groups === undefined) {
      const rest = expression.slice(from).trimStart();
      const at = expression.length - rest.length + 1;
      throw new ExpressionError(`no word, text or sign starts at character ${String(at)}: ${rest.slice(0, 20)}`);
    }
    const found = Object.entries(groups).find(([, text]) => (text as string | undefined) !== undefined);
    const [kind, text] = found as [Token["kind"], string];
    const length = kind === "text" ? text.length + 2 : text.length;
    const at = pattern.lastIndex - length + 1;
    tokens.push({ kind, text: kind === "text" ? text.replace(/\\(.)/g, "$1") : text, at });
    from = pattern.lastIndex;
  }
  return [...tokens, { kind: "end", text: "the end", at: end + 1 }];
}
