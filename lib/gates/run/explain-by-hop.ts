import { isForGate, loadRules } from "../../planning/rules/rules.js";
import { type HopEffectRow } from "../../planning/rules/types.js";
import { type Edge, type Verdict } from "../verdict/types.js";

/**
 * Says of each blocking reason that the hop in progress can itself explain that it can, and how to go on
 * (data/hop-effects.json). The reason stays the refusal or the wait that it was. Pure.
 */
export function explainByHop(
  verdict: Verdict,
  { from, to }: Edge,
  rows: readonly HopEffectRow[] = loadRules("hop-effects"),
): Verdict {
  if (verdict.outcome === "pass") return verdict;
  const reasons = verdict.reasons.map((reason) => {
    const row = rows.find((each) => isForGate(each, verdict.gate) && each.codes.includes(reason.code));
    if (row === undefined) return reason;
    const fill = (text: string): string => text.replaceAll("{to}", to);
    const addition = `The hop ${from} -> ${to} in progress can explain this: ${fill(row.explains)}. To go on: ${fill(row.remedy)}.`;
    return { ...reason, message: `${reason.message} ${addition}` };
  });
  return { ...verdict, reasons };
}
