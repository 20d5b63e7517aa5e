/** Codes of reasons that explain others and neither block by themselves nor can be accepted. */
export const remarkCodes: ReadonlySet<string> = new Set([
  "NOTE",
  "NOT_APPLICABLE",
  "DEADLINE",
  "NOT_YET",
  "PATIENCE",
  "ACCEPTED",
  "ACCEPTANCE_VOID",
  "ACCEPTANCE_EXPIRED",
  "FOUR_EYES",
]);

/** Codes that say what became of an acceptance. */
export const acceptanceCodes: ReadonlySet<string> = new Set([
  "ACCEPTED",
  "ACCEPTANCE_VOID",
  "ACCEPTANCE_EXPIRED",
  "FOUR_EYES",
]);
