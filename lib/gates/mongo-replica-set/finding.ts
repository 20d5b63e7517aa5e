import type { Observed, Outcome, Reason } from "../types.js";

/** Rules of the gate; what each demands and why is told by `rules` in explain.ts. */
export type RuleId =
  "G01" | "G02" | "G03" | "G04" | "G05" | "G06" | "G07" | "G08" | "G09" | "G10" | "G11" | "G12" | "G13" | "G14" | "G16";

/** One thing seen. `note` never blocks. `rule` null: not about the replica set itself (pods, volumes, access). */
export interface Finding {
  rule: RuleId | null;
  code: string;
  member: string | null;
  outcome: Exclude<Outcome, "pass"> | "note";
  message: string;
}

/** Fail before unknown before wait: what needs a person is said first, and only nothing at all is a pass. */
export function outcomeOf(findings: readonly Finding[]): Outcome {
  for (const outcome of ["fail", "unknown", "wait"] as const) {
    if (findings.some((finding) => finding.outcome === outcome)) return outcome;
  }
  return "pass";
}

/** Findings as reasons, what blocks before what is only remarked; a remark has code NOTE. */
export function reasonsOf(findings: readonly Finding[]): Reason[] {
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

/** Ids of the rules that do not hold, sorted. */
export function failedRules(findings: readonly Finding[]): Observed[] {
  return [...new Set(findings.flatMap(({ rule, outcome }) => (rule && outcome !== "note" ? [rule] : [])))].sort();
}

const severities: readonly Finding["outcome"][] = ["note", "wait", "unknown", "fail"];

/** Without repeats: for a code and member the first of the worst findings stays, in the place of the first. */
export function distinct(findings: readonly Finding[]): Finding[] {
  const kept = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.member ?? ""}`;
    const before = kept.get(key);
    if (!before || severities.indexOf(finding.outcome) > severities.indexOf(before.outcome)) kept.set(key, finding);
  }
  return [...kept.values()];
}
