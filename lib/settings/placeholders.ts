import { findKeySchema } from "./known-keys.js";
import { formatPath } from "./settings-faults.js";

/** What stands in a shipped stack file where only a person knows the value. */
const placeholder = /^FILL\b/;

const pcgAdvice =
  "write true where no tenant has a Private Cloud Gateway; else remove the key and list each tenant with its gateways in palette:tenants";

/** A value that nobody has filled in. */
export interface Placeholder {
  path: string;
  fault: string;
}

/** Finds every value that still is a placeholder, with what belongs there. */
export function findPlaceholders(values: unknown, path: PropertyKey[] = []): Placeholder[] {
  if (typeof values === "string") return placeholder.test(values) ? [createPlaceholder(path)] : [];
  if (Array.isArray(values)) return values.flatMap((value, index) => findPlaceholders(value, [...path, index]));
  if (typeof values !== "object" || values === null) return [];
  return Object.entries(values).flatMap(([key, value]) => findPlaceholders(value, [...path, key]));
}

function createPlaceholder(path: PropertyKey[]): Placeholder {
  const name = formatPath(path);
  const advice =
    name === "palette:pcg.none"
      ? pcgAdvice
      : `what belongs there: ${findKeySchema(path)?.description ?? "a value of your own"}`;
  return { path: name, fault: `${name}: not filled in yet (found FILL); ${advice.replace(/\.$/, "")}.` };
}
