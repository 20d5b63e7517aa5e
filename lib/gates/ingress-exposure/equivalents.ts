import { isIP } from "node:net";
import { rulesOf } from "../../plan/rules.js";
import type { ExposureRow } from "../../plan/rules-types.js";
import type { ExposedService } from "../../site/types.js";

/** One setting of a Service, and the row that knows its equivalent; null: none does. */
export interface ExposedSetting {
  /** Key of the annotation, or the field's path. */
  name: string;
  row: ExposureRow | null;
  /** Addresses that its value asks for: the only part of a value that is ever shown. */
  addresses: string[];
}

/** How a setting gets from the old Service to the new one, in words. */
export const howItCarries: Record<ExposureRow["carries"], string> = {
  same: "set it again",
  "own-value": "needs a value of its own",
  review: "review",
  "by-hand": "carry over by hand",
  leave: "leave out",
};

/** What a row is about: a key, the start of keys with `*`, or a field. */
export function nameOf({ annotation, field }: ExposureRow): string {
  return annotation ?? field ?? "";
}

/** Settings of a Service that somebody chose, sorted by name; what tools write on it is left out. */
export function settingsOf(service: ExposedService): ExposedSetting[] {
  const annotations = Object.entries(service.annotations).map(([name, value]) => setting(name, [value]));
  return [...annotations, ...fieldsOf(service).map(({ name, values }) => setting(name, values))]
    .filter(({ row }) => row?.carries !== "leave")
    .sort((a, b) => a.name.localeCompare(b.name, "en"));
}

function fieldsOf(service: ExposedService): { name: string; values: string[] }[] {
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

function setting(name: string, values: readonly string[]): ExposedSetting {
  const row = rulesOf("exposure").find((candidate) => matches(nameOf(candidate), name)) ?? null;
  const parts = row?.holdsAddress === true ? values.flatMap((value) => value.split(",")) : [];
  return { name, row, addresses: parts.map((part) => part.trim()).filter((part) => isIP(part) !== 0) };
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
