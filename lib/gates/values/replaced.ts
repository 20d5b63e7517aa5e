import { isDeepStrictEqual } from "node:util";
import { formatKeyPath, getValueAt, isMap, type Leaf, listLeaves } from "../../base/text/value-paths.js";
import type { Role } from "../../planning/rules/types.js";
import type { Version } from "../../planning/version/version.js";
import type { Finding } from "../verdict/findings.js";
import { isSameImage } from "./image-pins.js";

/** Stored values of a release whose values the hop takes from the vendor's archive. */
export interface ReplacedValues {
  role: Role;
  /** Name of the release. */
  name: string;
  stored: Record<string, unknown>;
  /** Defaults of the installed chart. */
  oldDefaults: Record<string, unknown>;
  /** The vendor's values of the installed version, with the site's image prefix; null where they are not at hand. */
  oldArchive: Record<string, unknown> | null;
  /** The archive's values that take their place, with the site's image prefix. */
  archive: Record<string, unknown>;
  /** The values file in the archive. */
  file: string;
  from: Version;
  /** Dotted paths that `palette:values` sets for the role. */
  overridden: readonly string[];
}

/**
 * Finds stored keys of the site's own that the vendor's values do not have, or set otherwise: the hop would drop or
 * replace them. A key that repeats the vendor's values of the installed version, or its chart's default, is none of the
 * site's own; an image is the vendor's where only its version differs. Names keys, never a value. Pure.
 */
export function judgeReplacedValues(values: ReplacedValues): Finding[] {
  const own = listLeaves(values.stored).filter((leaf) => isOwn(leaf, values));
  const [dropped, replaced] = [
    own.filter((leaf) => !isIn(values.archive, leaf)),
    own.filter((leaf) => isIn(values.archive, leaf)),
  ];
  return [
    ...createFindings("VALUES_DROPPED", "do not have", dropped, values),
    ...createFindings("VALUES_REPLACED", "set otherwise", replaced, values),
  ];
}

function isIn(archive: ReplacedValues["archive"], { path }: Leaf): boolean {
  return getValueAt(archive, path) !== undefined;
}

/** Whether a stored key says something of the site's own that the hop would not keep. */
function isOwn({ path, value }: Leaf, { archive, oldArchive, oldDefaults, overridden }: ReplacedValues): boolean {
  const key = formatKeyPath(path);
  if (overridden.some((set) => key === set || key.startsWith(`${set}.`))) return false;
  const next = getValueAt(archive, path);
  const vendors = getValueAt(oldArchive ?? {}, path) ?? getValueAt(oldDefaults, path);
  const isEmptyMap = isMap(value) && Object.keys(value).length === 0;
  if (isEmptyMap || isDeepStrictEqual(value, next) || isDeepStrictEqual(value, vendors)) return false;
  return !isSameImage(path.at(-1)!, value, next);
}

function createFindings(code: string, what: string, leaves: readonly Leaf[], values: ReplacedValues): Finding[] {
  if (leaves.length === 0) return [];
  const { role, name, file, from, oldArchive } = values;
  const keys = leaves.map(({ path }) => formatKeyPath(path)).sort();
  const unseen =
    oldArchive === null ? ` (The vendor's values of ${from} are not at hand: some of these may be the vendor's.)` : "";
  return [
    {
      outcome: "fail",
      code,
      member: name,
      message:
        `Release "${name}": the hop takes the vendor's values for it (${file}), which ${what} what is stored now as ${keys.join(", ")}.${unseen} ` +
        `Put what is to stay into palette:values.${role}, or accept this reason by name for the hop.`,
    },
  ];
}
