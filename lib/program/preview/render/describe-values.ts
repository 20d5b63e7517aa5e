import { type ValuesOrigin } from "../../step/releases/declared-release.js";
import { formatCount } from "../../../base/errors/counted.js";

/** Key paths shown of one origin. */
const shownKeys = 8;

/** Describes which values a release gets and from where, by key paths: a value may be secret. */
export function describeValues(role: string, origin: ValuesOrigin | null): string {
  if (origin === null) return "not known without the cluster; the stored ones stay";
  const { overrides } = origin;
  const set = overrides.length === 0 ? "" : `; palette:values.${role} sets ${listKeys(overrides)}`;
  return `${describeBase(origin)}${set}`;
}

function describeBase({ source, place, keys }: ValuesOrigin): string {
  switch (source) {
    case "archive":
      return `the archive's ${place}: ${listKeys(keys)}`;
    case "stored":
      return `stored ones of ${place}: ${listKeys(keys)}`;
    case "defaults":
      return "the chart's defaults";
  }
}

function listKeys(keys: readonly string[]): string {
  const more = keys.length - shownKeys;
  const named = keys.slice(0, shownKeys).join(", ");
  return `${formatCount(keys.length, "key")} (${named}${more > 0 ? ` and ${more} more` : ""})`;
}
