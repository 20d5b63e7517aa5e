import { loadRules } from "../planning/rules/rules.js";
import { type Source } from "../planning/rules/site-facts.js";
import { defaultGateSettings } from "../settings/gate-settings.js";
import { exposureRules } from "./ingress-exposure/equivalents.js";
import { compatibilityRules } from "./mongo-fcv/explained-rules.js";
import { replicaSetRules } from "./mongo-replica-set/explained-rules.js";
import { describeRight, gateRights } from "./rights.js";
import { commonRules, gateRules } from "./rules.js";
import { type GateRule } from "./verdict/rule.js";
import { getGateTiming } from "./run/timing.js";
import { type Gate, type GateName } from "./verdict/types.js";
import { type RuleChapter } from "./verdict/rule.js";

/** Gates with so many rules that `--explain` groups them by what they demand. */
export const gateChapters: Partial<Record<GateName, readonly RuleChapter[]>> = {
  "mongo-replica-set": replicaSetRules,
  "mongo-fcv": compatibilityRules,
  "ingress-exposure": exposureRules,
};

/** Renders what `--explain` prints: when a hop has the gate, what it reads, its rules, and the source of each fact. */
export function explainGate(gate: Gate): string {
  const { deadlineSeconds, intervalSeconds, samples } = getGateTiming(gate, defaultGateSettings);
  const chapters = gateChapters[gate.name] ?? [];
  const rows = loadRules("gates").filter((row) => row.gate === gate.name);
  const looks = samples === 1 ? "one passing sample" : `${samples} passing samples in a row`;
  return [
    `${gate.name}: passes after ${looks}, ${intervalSeconds} s apart; deadline ${deadlineSeconds} s (defaults).`,
    gate.recheck === "every-release"
      ? "Judged again before each release of the hop moves."
      : "Judged before the first release moves, or after the last.",
    "",
    "Reads, and never writes:",
    ...gate.reads.map((line) => `  ${line}`),
    "",
    ...renderRights(gate.name),
    "",
    "Hops that have it:",
    ...(rows.length === 0 ? ["  each, where the installation's settings ask for it"] : []),
    ...rows.map(
      ({ when, mandatory, because }) => `  ${when}, ${mandatory ? "mandatory" : "a warning only"}: ${because}`,
    ),
    "",
    "Rules (a wait becomes a failure at the deadline, an unknown blocks):",
    ...chapters.flatMap(({ id, demands, rules, known = [] }) => [
      `  ${id}: ${demands}`,
      ...renderRuleTable(rules).map((line) => `  ${line}`),
      ...known.map(({ name, meaning }) => `    ${name}: ${meaning}`),
    ]),
    ...(chapters.length === 0 ? [] : ["  every gate:"]),
    ...renderRuleTable([...(gateRules[gate.name] ?? []), ...commonRules]).map((line) =>
      chapters.length === 0 ? line : `  ${line}`,
    ),
    "",
    "Sources:",
    ...renderSources([...rows.flatMap(({ source }) => source ?? []), ...chapters.flatMap(({ sources }) => sources)]),
  ].join("\n");
}

function renderRights(name: GateName): string[] {
  const { kubernetes, palette, elsewhere = [] } = gateRights[name];
  return [
    "Least rights (deploy/gates-role.yaml holds those of all gates):",
    ...kubernetes.map((right) => `  Kubernetes: ${describeRight(right)}`),
    ...(palette === undefined ? [] : [`  Palette: role ${palette}`]),
    ...elsewhere.map((line) => `  ${line}`),
  ];
}

function renderRuleTable(rules: readonly GateRule[]): string[] {
  const width = Math.max(...rules.map(({ code }) => code.length));
  return rules.map(({ code, outcome, meaning }) => `  ${code.padEnd(width)}  ${outcome.padEnd(7)}  ${meaning}`);
}

function renderSources(sources: readonly Source[]): string[] {
  if (sources.length === 0) return ["  this project's own rule"];
  return [...new Set(sources.map(({ repository, path, commit }) => `  ${repository}: ${path} (${commit})`))].sort();
}
