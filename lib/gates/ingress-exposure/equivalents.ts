import { isIP } from "node:net";
import { type ExposureRow } from "../../planning/rules/types.js";
import { loadRules } from "../../planning/rules/rules.js";
import { type ExposedService } from "../../site/types.js";

/** One setting of a Service and the table row that describes its equivalent (null when there is none). */
export interface ExposedSetting {
  /** Annotation key or field path. */
  name: string;
  row: ExposureRow | null;
  /** Addresses that the value requests: the only part of a value that is ever shown. */
  addresses: string[];
}

/** What to do to carry a setting over from the old Service to the new one, as text. */
export const carryOverInstructions: Record<ExposureRow["carries"], string> = {
  same: "set it again",
  "own-value": "needs a value of its own",
  review: "review",
  "by-hand": "carry over by hand",
  leave: "leave out",
};

/** Returns what a row applies to: an annotation key, a key prefix that ends with `*`, or a field path. */
export function getRowName({ annotation, field }: ExposureRow): string {
  return annotation ?? field ?? "";
}

/** Lists the settings of a Service that a person chose, sorted by name; those written by tools are left out. */
export function listExposedSettings(service: ExposedService): ExposedSetting[] {
  const annotations = Object.entries(service.annotations).map(([name, value]) => toExposedSetting(name, [value]));
  return [...annotations, ...listSpecFields(service).map(({ name, values }) => toExposedSetting(name, values))]
    .filter(({ row }) => row?.carries !== "leave")
    .sort((a, b) => a.name.localeCompare(b.name, "en"));
}

function listSpecFields(service: ExposedService): { name: string; values: string[] }[] {
  const fields: Record<string, (string | null)[]> = {
    "spec.type": [service.type === "LoadBalancer" ? null : service.type],
    "spec.loadBalancerIP": [service.loadBalancerIP],
    "spec.loadBalancerClass": [service.loadBalancerClass],
    "spec.externalIPs": service.externalIPs,
    "spec.loadBalancerSourceRanges": service.sourceRanges,
  };
  return Object.entries(fields)
    .map(([name, values]) => ({ name, values: values.filter((value) => value !== null && value !== "") as string[] }))
    .filter(({ values }) => values.length > 0);
}

function toExposedSetting(name: string, values: readonly string[]): ExposedSetting {
  const row = loadRules("exposure").find((candidate) => isMatch(getRowName(candidate), name)) ?? null;
  const parts = row?.holdsAddress === true ? values.flatMap((value) => value.split(",")) : [];
  return { name, row, addresses: parts.map((part) => part.trim()).filter((part) => isIP(part) !== 0) };
}

function isMatch(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
