import type { Overlord } from "../../site/types.js";
import type { Finding } from "../verdict.js";
import { whereToApprove } from "./where-to-approve.js";

/**
 * A template variable of a gateway's cluster profile that has no value yet: Palette applies nothing before it has one, and
 * which value is right only a person knows. Empty where none is pending.
 */
export function pendingVariables(subject: string, overlord: Overlord, outcome: "fail" | "wait"): Finding[] {
  if (!overlord.variablesPending) return [];
  const message =
    `PCG ${subject}: a variable of its cluster profile waits for a value, expected none to be open: no profile update is applied before. ` +
    `A person gives the value in Palette: ${whereToApprove}.`;
  return [{ outcome, code: "PCG_VARIABLE_PENDING", member: subject, message }];
}
