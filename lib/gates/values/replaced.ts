import { formatKeyPath, getValueAt, listLeaves } from "../../base/text/value-paths.js";
import type { Role } from "../../planning/rules/types.js";
import type { Finding } from "../verdict/findings.js";

/** Stored values of a release whose values the hop takes from the vendor's archive. */
export interface ReplacedValues {
  role: Role;
  /** Name of the release. */
  name: string;
  stored: Record<string, unknown>;
  /** Defaults of the installed chart. */
  oldDefaults: Record<string, unknown>;
  /** The archive's values that take their place. */
  archive: Record<string, unknown>;
  /** Dotted paths that `palette:values` sets for the role. */
  overridden: readonly string[];
}

/**
 * Finds stored keys that the vendor's values do not have: the hop would drop them. A key that repeats the installed
 * chart's default loses nothing. Names keys, never a value. Pure.
 */
export function judgeReplacedValues({
  role,
  name,
  stored,
  oldDefaults,
  archive,
  overridden,
}: ReplacedValues): Finding[] {
  const dropped = listLeaves(stored)
    .filter(({ path }) => getValueAt(archive, path) === undefined)
    .filter(({ path, value }) => JSON.stringify(getValueAt(oldDefaults, path)) !== JSON.stringify(value))
    .map(({ path }) => formatKeyPath(path))
    .filter((key) => !overridden.some((path) => key === path || key.startsWith(`${path}.`)));
  if (dropped.length === 0) return [];
  return [
    {
      outcome: "fail",
      code: "VALUES_DROPPED",
      member: name,
      message:
        `Release "${name}" was not made by this tool, and the hop takes the vendor's values for it, which do not have ${dropped.sort().join(", ")}. ` +
        `Put what is to stay into palette:values.${role}, or accept this reason by name for the hop.`,
    },
  ];
}
