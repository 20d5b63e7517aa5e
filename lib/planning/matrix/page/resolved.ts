import { InvalidInputError } from "../../../base/errors/errors.js";

/** What one part of a page says about its edition or method. */
export interface Clue<T> {
  source: string;
  value: T | undefined;
}

export interface Resolved<T> {
  value: T | undefined;
  warnings: string[];
}

/**
 * Resolves the edition or method of a page from its clues. Strong clues (title, path) must agree. Weak clues (tabs,
 * front matter, file name) count in their order if there is no strong one. The requested value decides if the page
 * gives no clue or its strong clues disagree.
 * @throws InvalidInputError PAGE_AMBIGUOUS if strong clues disagree and no value was requested.
 */
export function resolveClues<T extends string>(
  option: string,
  strong: readonly Clue<T>[],
  weak: readonly Clue<T>[],
  requested: T | undefined,
): Resolved<T> {
  const spoken = strong.filter((clue) => clue.value !== undefined);
  if (new Set(spoken.map((clue) => clue.value)).size > 1) return resolveDisagreement(option, spoken, requested);
  const decisive = spoken[0] ?? weak.find((clue) => clue.value !== undefined);
  if (decisive?.value === undefined) return { value: requested, warnings: [] };
  if (requested === undefined || requested === decisive.value) return { value: decisive.value, warnings: [] };
  return {
    value: decisive.value,
    warnings: [`The page's ${decisive.source} says ${decisive.value}; --${option} ${requested} was left aside.`],
  };
}

function resolveDisagreement<T extends string>(
  option: string,
  disagreeing: readonly Clue<T>[],
  requested: T | undefined,
): Resolved<T> {
  const all = disagreeing.map((clue) => `its ${clue.source} says ${clue.value ?? ""}`).join(", ");
  if (requested !== undefined)
    return { value: requested, warnings: [`Of the page, ${all}; taken as ${requested}, as asked for.`] };
  throw new InvalidInputError("PAGE_AMBIGUOUS", `The ${option} of the page is not clear: ${all}.`, {
    next: `Give --${option}.`,
  });
}
