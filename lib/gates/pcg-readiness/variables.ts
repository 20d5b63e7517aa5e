import { type Overlord } from "../../site/types.js";
import { type Finding } from "../verdict/findings.js";

/**
 * Judges whether a template variable of the gateway's cluster profile still has no value: Palette applies nothing until
 * it has one, and only a person knows the right value. Empty if none is pending.
 */
export function judgePendingVariables(subject: string, overlord: Overlord, outcome: "fail" | "wait"): Finding[] {
  if (!overlord.variablesPending) return [];
  const message =
    `PCG ${subject}: a variable of its cluster profile waits for a value, expected none to be open: no profile update is applied before. ` +
    `A person gives the value in Palette: ${whereToApprove}.`;
  return [{ outcome, code: "PCG_VARIABLE_PENDING", member: subject, message }];
}

/** Where a pending profile update is approved in Palette. */
export const whereToApprove =
  "Tenant Settings > Private Cloud Gateways > the gateway > Updates, review the changes, then Confirm updates";
