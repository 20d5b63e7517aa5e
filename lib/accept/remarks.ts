/** Codes of reasons that only explain other reasons: they neither block nor can be accepted. */
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

/** Codes of the reasons that report the effect of an acceptance. */
export const acceptanceCodes: ReadonlySet<string> = new Set([
  "ACCEPTED",
  "ACCEPTANCE_VOID",
  "ACCEPTANCE_EXPIRED",
  "FOUR_EYES",
]);
