import { randomInt } from "node:crypto";

/** What a random text is made of: its length in characters, the classes allowed, and how many of each at least. */
export interface Recipe {
  length: number;
  lower: boolean;
  upper: boolean;
  numeric: boolean;
  special: boolean;
  minLower: number;
  minUpper: number;
  minNumeric: number;
  minSpecial: number;
  overrideSpecial?: string;
}

/** The special characters of the real provider (documented at RandomPassword's `special`). */
export const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/**
 * Draws a text of the recipe from the operating system's random numbers: the least number of every class first,
 * the rest from all allowed classes, then shuffled.
 */
export function drawText(recipe: Recipe): string {
  const lower = "abcdefghijklmnopqrstuvwxyz";
  const upper = lower.toUpperCase();
  const numeric = "0123456789";
  const special = recipe.overrideSpecial ?? SPECIAL;
  const allowed =
    (recipe.lower ? lower : "") +
    (recipe.upper ? upper : "") +
    (recipe.numeric ? numeric : "") +
    (recipe.special ? special : "");
  const characters = [
    ...draw(lower, recipe.minLower),
    ...draw(upper, recipe.minUpper),
    ...draw(numeric, recipe.minNumeric),
    ...draw(special, recipe.minSpecial),
  ];
  characters.push(...draw(allowed, recipe.length - characters.length));
  return shuffle(characters).join("");
}

function draw(alphabet: string, count: number): string[] {
  return Array.from({ length: count }, () => alphabet.charAt(randomInt(alphabet.length)));
}

/** Fisher and Yates. */
function shuffle(characters: string[]): string[] {
  const shuffled: string[] = [];
  for (const character of characters) {
    const place = randomInt(shuffled.length + 1);
    const displaced = shuffled[place];
    shuffled[place] = character;
    if (displaced !== undefined) shuffled.push(displaced);
  }
  return shuffled;
}
