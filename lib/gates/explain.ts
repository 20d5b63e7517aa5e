import { citeSource } from "../planning/rules/citation.js";
import { isForGate, loadRules } from "../planning/rules/rules.js";
import { type GateRule, type GateRuleRow, type KubernetesRightRow, type Source } from "../planning/rules/types.js";
import { defaultGateSettings } from "../settings/gate-settings.js";
import { maxClockSkewSeconds } from "./backup/judge.js";
import { carryOverInstructions, getRowName } from "./ingress-exposure/equivalents.js";
import { twoPrimariesSeconds } from "./mongo-replica-set/rules/set.js";
import { settleSeconds } from "./mongo-replica-set/rules/time.js";
import { stuckGraceSeconds } from "./rollout/judge.js";
import { getGateTiming } from "./run/timing.js";
import { type Gate, type GateName } from "./verdict/types.js";

/** Renders what `--explain` prints: when a hop has the gate, what it reads, its rules, and the source of each fact. */
export function explainGate(gate: Gate): string {
  const { deadlineSeconds, intervalSeconds, samples } = getGateTiming(gate, defaultGateSettings);
  const rules = listGateRules(gate);
  const chapters = rules.filter(({ chapter }) => chapter !== undefined);
  const others = rules.filter(({ chapter }) => chapter === undefined).flatMap((row) => row.rules);
  const rows = loadRules("gates").filter((row) => row.gate === gate.name);
  const sampling = samples === 1 ? "one passing sample" : `${samples} passing samples in a row`;
  const rights = loadRules("gate-rights").filter((row) => isForGate(row, gate.name));
  return [
    `${gate.name}: passes after ${sampling}, ${intervalSeconds} s apart; deadline ${deadlineSeconds} s (defaults).`,
    gate.recheck === "every-release"
      ? "Judged again before each release of the hop moves."
      : "Judged before the first release moves, or after the last.",
    "",
    "Reads, and never writes:",
    ...rights.flatMap(({ reads }) => reads.map((line) => `  ${line}`)),
    "",
    "Least rights (deploy/gates-role.yaml holds those of all gates):",
    ...listKubernetesRights(gate.name).map((right) => `  Kubernetes: ${describeRight(right)}`),
    ...rights.flatMap(({ palette }) => (palette === undefined ? [] : [`  Palette: role ${palette}`])),
    ...rights.flatMap(({ elsewhere }) => elsewhere.map((line) => `  ${line}`)),
    "",
    "Hops that have it:",
    ...(rows.length === 0 ? ["  each, where the installation's settings ask for it"] : []),
    ...rows.map(
      ({ when, mandatory, because }) => `  ${when}, ${mandatory ? "mandatory" : "a warning only"}: ${because}`,
    ),
    "",
    "Rules (a wait becomes a failure at the deadline, an unknown blocks):",
    ...chapters.flatMap((row) => [
      `  ${row.chapter}: ${row.demands}`,
      ...renderRuleTable(row.rules).map((line) => `  ${line}`),
      ...listKnownSettings(gate.name, row).map((line) => `    ${line}`),
    ]),
    ...(chapters.length === 0 ? [] : ["  every gate:"]),
    ...renderRuleTable(others).map((line) => (chapters.length === 0 ? line : `  ${line}`)),
    "",
    "Sources:",
    ...renderSources([...rows.flatMap(({ source }) => source ?? []), ...listRuleSources(gate.name, chapters)]),
  ].join("\n");
}

/** Lists the rules of a gate in the order of data/gate-rules.json, with the values that their texts quote. */
export function listGateRules(gate: Pick<Gate, "name" | "timing">): GateRuleRow[] {
  return loadRules("gate-rules")
    .filter((row) => isForGate(row, gate.name))
    .map((row) => ({
      ...row,
      demands: row.demands && fillQuotedValues(row.demands, gate),
      rules: row.rules.map((rule) => ({ ...rule, meaning: fillQuotedValues(rule.meaning, gate) })),
    }));
}

/** Fills `{…}` in a rule's text with a default of the settings, by its path, or a constant of a judge, by its name. */
export function fillQuotedValues(text: string, gate: Pick<Gate, "name" | "timing">): string {
  const values: object = {
    ...defaultGateSettings,
    deadlineSeconds: getGateTiming(gate, defaultGateSettings).deadlineSeconds,
    unchangedMinutes: defaultGateSettings.pcg.unchangedSeconds / 60,
    backupMaxAgeHours: defaultGateSettings.backup.maxAgeSeconds / 3600,
    promotionHoldHours: defaultGateSettings.promotion.holdSeconds / 3600,
    promotionMaxAgeDays: defaultGateSettings.promotion.maxAgeSeconds / 86_400,
    fcv: loadRules("fcv")
      .map(({ into, least }) => `${least} or higher for a hop into ${into}`)
      .join(", "),
    maxClockSkewSeconds,
    settleSeconds,
    stuckGraceSeconds,
    twoPrimariesSeconds,
  };
  return text.replace(/\{([\w.]+)\}/g, (_, path: string) => {
    const value = path
      .split(".")
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], values);
    if (typeof value === "string" || typeof value === "number") return String(value);
    throw new Error(
      `data/gate-rules.json quotes {${path}}, which is neither a default of the settings nor a constant.`,
    );
  });
}

/** Lists the permissions of a gate on the management cluster. */
export function listKubernetesRights(gate: GateName): KubernetesRightRow[] {
  return loadRules("kubernetes-rights").filter((row) => isForGate(row, gate));
}

/** Describes a permission in one line. */
export function describeRight(
  right: Pick<KubernetesRightRow, "group" | "resources" | "verbs" | "where" | "names" | "only">,
): string {
  const { group, resources, verbs, where, names, only } = right;
  const what = resources.map((resource) => (group === "" ? resource : `${group}/${resource}`)).join(", ");
  const scope = { cluster: "all namespaces", mongo: "MongoDB's namespace", release: "the release's namespace" }[where];
  const which = names === undefined ? "" : ` ${names.join(", ")}`;
  return `${verbs.join(", ")} on ${what}${which} (${scope})${only === undefined ? "" : `, ${only}`}`;
}

function listKnownSettings(gate: GateName, { chapter }: GateRuleRow): string[] {
  if (gate !== "ingress-exposure") return [];
  return loadRules("exposure")
    .filter((row) => row.provider === chapter)
    .map((row) => `${getRowName(row)}: ${carryOverInstructions[row.carries]}: ${row.equivalent}`);
}

/** Lists the sources of a gate's chapters and of the rule file whose rows it judges by. */
function listRuleSources(gate: GateName, chapters: readonly GateRuleRow[]): Source[] {
  const judgedBy = { "ingress-exposure": "exposure", "mongo-fcv": "fcv" } as const;
  const own = gate in judgedBy ? loadRules(judgedBy[gate as keyof typeof judgedBy]) : [];
  return [...chapters.flatMap(({ sources }) => sources), ...own.flatMap(({ source }) => source ?? [])];
}

function renderRuleTable(rules: readonly GateRule[]): string[] {
  const width = Math.max(...rules.map(({ code }) => code.length));
  return rules.map(({ code, outcome, meaning }) => `  ${code.padEnd(width)}  ${outcome.padEnd(7)}  ${meaning}`);
}

function renderSources(sources: readonly Source[]): string[] {
  if (sources.length === 0) return ["  this project's own rule"];
  return [...new Set(sources.map((source) => `  ${citeSource(source)}`))].sort();
}
