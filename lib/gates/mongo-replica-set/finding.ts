import type { Observed, Outcome, Reason } from "../verdict/types.js";

/** Rules of the gate; what each demands and why is in explained-rules.ts. */
export type RuleId =
  | "G01"
  | "G02"
  | "G03"
  | "G04"
  | "G05"
  | "G06"
  | "G07"
  | "G08"
  | "G09"
  | "G10"
  | "G11"
  | "G12"
  | "G13"
  | "G14"
  | "G16"
  | "G17"
  | "G18"
  | "G19"
  | "G20";

/** One finding of a rule. `note` never blocks. `rule` null: not about the replica set itself (pods, volumes, access). */
export interface Finding {
  rule: RuleId | null;
  code: string;
  member: string | null;
  outcome: Exclude<Outcome, "pass"> | "note";
  message: string;
}

/** Computes the outcome of all findings: fail before unknown before wait; only without any of them a pass. */
export function computeOutcome(findings: readonly Finding[]): Outcome {
  for (const outcome of ["fail", "unknown", "wait"] as const) {
    if (findings.some((finding) => finding.outcome === outcome)) return outcome;
  }
  return "pass";
}

/** Turns findings into reasons, blocking ones before remarks; a remark has code NOTE. */
export function toReasons(findings: readonly Finding[]): Reason[] {
  const blocking = findings.filter((finding) => finding.outcome !== "note");
  const notes = findings.filter((finding) => finding.outcome === "note");
  return [
    ...blocking.map(({ code, member, message, rule }) => ({
      code,
      member,
      message: rule ? `${message} (rule ${rule})` : message,
    })),
    ...notes.map(({ member, message }) => ({ code: "NOTE", member, message })),
  ];
}

/** Lists the ids of the rules that failed, sorted. */
export function listFailedRules(findings: readonly Finding[]): Observed[] {
  return [...new Set(findings.flatMap(({ rule, outcome }) => (rule && outcome !== "note" ? [rule] : [])))].sort();
}

const severities: readonly Finding["outcome"][] = ["note", "wait", "unknown", "fail"];

/** Removes duplicates: of each code and member keeps the first of the worst findings, at the position of the first. */
export function removeDuplicates(findings: readonly Finding[]): Finding[] {
  const kept = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.member ?? ""}`;
    const before = kept.get(key);
    if (!before || severities.indexOf(finding.outcome) > severities.indexOf(before.outcome)) kept.set(key, finding);
  }
  return [...kept.values()];
}
