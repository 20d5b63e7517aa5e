import { toCanonicalJson, type Value } from "../../../packages/rehearsal/lib/engine/values/values.js";
import { keepSameWords } from "../support/both.js";
import { brokenOrder, type Observed, type ObservedResource } from "../support/trial.js";

/** What one run did, in the form in which two engines must agree, by design 7. */
export function normalise(observed: Observed): Record<string, unknown> {
  return {
    ok: observed.ok,
    steps: observed.steps,
    failed: observed.failed,
    errors: observed.errors.map(keepSameWords),
    log: groupByResource(observed.log),
    state: [...observed.state].sort((a, b) => (toText(a) < toText(b) ? -1 : 1)),
    outputs: observed.outputs,
    brokenOrder: brokenOrder(observed),
  };
}

/** A replaced resource that waits for its deletion has the URN of the one in its place. */
function toText({ urn, outputs }: ObservedResource): string {
  return urn + toCanonicalJson(outputs as Value);
}

/** The last word of a line names the resource; lines of different ones have no order, but for their dependencies. */
function groupByResource(log: readonly string[]): Record<string, string[]> {
  const lines: Record<string, string[]> = {};
  for (const line of log) (lines[line.split(" ").at(-1) ?? ""] ??= []).push(line);
  return lines;
}
