/**
 * Text as a terminal may show it: control characters, and those that turn the direction of what follows, are written as
 * codes, so that no legacy value can move the cursor or disguise itself.
 */
export const visible = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
