import { InvalidInputError } from "../errors.js";

/** What one part of a page says about its edition or method. */
export interface Clue<T> {
  by: string;
  says: T | undefined;
}

export interface Told<T> {
  value: T | undefined;
  warnings: string[];
}

/**
 * Settles what a page says of itself. Strong clues (title, path) must agree, weak ones (tabs, words of the front matter) are
 * heard in their order where those are silent, and what the user asked for decides where the page is silent or divided.
 * @throws InvalidInputError PAGE_AMBIGUOUS where strong clues disagree and nothing was asked for.
 */
export function settleClues<T extends string>(
  option: string,
  strong: readonly Clue<T>[],
  weak: readonly Clue<T>[],
  asked: T | undefined,
): Told<T> {
  const said = strong.filter((clue) => clue.says !== undefined);
  if (new Set(said.map((clue) => clue.says)).size > 1) return divided(option, said, asked);
  const told = said[0] ?? weak.find((clue) => clue.says !== undefined);
  if (told?.says === undefined) return { value: asked, warnings: [] };
  if (asked === undefined || asked === told.says) return { value: told.says, warnings: [] };
  return {
    value: told.says,
    warnings: [`The page's ${told.by} says ${told.says}; --${option} ${asked} was left aside.`],
  };
}

function divided<T extends string>(option: string, said: readonly Clue<T>[], asked: T | undefined): Told<T> {
  const all = said.map((clue) => `its ${clue.by} says ${clue.says ?? ""}`).join(", ");
  if (asked !== undefined) return { value: asked, warnings: [`Of the page, ${all}; taken as ${asked}, as asked for.`] };
  throw new InvalidInputError("PAGE_AMBIGUOUS", `The ${option} of the page is not clear: ${all}.`, {
    next: `Give --${option}.`,
  });
}
