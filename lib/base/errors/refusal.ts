import { getErrorMessage, PaletteError } from "./errors.js";

/** Converts anything that was thrown to the refusal of a report. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof PaletteError) return { code: error.code, message: error.message, next: error.next ?? null };
  return { code: "UNEXPECTED", message: getErrorMessage(error), next: null };
}

export interface Refusal {
  code: string;
  message: string;
  next: string | null;
}
