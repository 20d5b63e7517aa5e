import { redact } from "../../base/text/redact.js";
import { clipText } from "../../base/text/shown.js";
import { type Observed, type Reason } from "./types.js";

/** Longest message of one reason, in characters: what a site says beyond it is left out, and how much. */
const messageLimit = 8_000;

/** `redact` for reasons, whose messages are clipped. */
export function redactReasons(reasons: readonly Reason[], secrets: readonly string[]): Reason[] {
  return reasons.map(({ code, member, message }) => ({
    code,
    member: member === null ? null : redact(member, secrets),
    message: clipText(redact(message, secrets), messageLimit),
  }));
}

/** `redact` for every string of a value, keys too. */
export function redactObserved(value: Observed, secrets: readonly string[]): Observed {
  if (typeof value === "string") return redact(value, secrets);
  if (Array.isArray(value)) return value.map((item) => redactObserved(item, secrets));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redact(key, secrets), redactObserved(item, secrets)]),
  );
}
