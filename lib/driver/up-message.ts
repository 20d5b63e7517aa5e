import { type Refusal } from "../base/errors/refusal.js";
import { formatUpdateName } from "../journal/entry-words.js";
import { type Ending } from "./ending.js";
import { type UpdateRecord } from "./up-result.js";

/** Describes that a person did not confirm, and what this run has done before that. */
export function describeDeclined(updates: readonly UpdateRecord[]): string {
  const done = updates.filter(({ outcome }) => outcome === "succeeded").map(formatUpdateName);
  if (done.length === 0) return "Nobody said yes; nothing was changed.";
  return `Nobody said yes to the next step; before that this run made ${done.join(", ")}.`;
}

/** Names the gates and codes that ended a run. */
export function formatMessage({ gates, outcome }: Ending, refusals: Refusal[]): string {
  const names = [...new Set([...gates.map(({ gate }) => gate), ...refusals.map(({ code }) => code)])].join(", ");
  const verb = { "not-now": "Not now", failed: "Failed" }[outcome as string] ?? "Refused";
  return `${verb}: ${names}.`;
}
