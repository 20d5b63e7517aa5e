type Values = Record<string, unknown>;

/** A key of Helm values: the parts of its path. */
export type KeyPath = readonly string[];

/** One leaf of Helm values: a list, a scalar, or an empty map. */
export interface Leaf {
  path: KeyPath;
  value: unknown;
}

/** Lists every leaf, in the order of the values. */
export function listLeaves(values: Values, below: KeyPath = []): Leaf[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = [...below, key];
    return isMap(value) && Object.keys(value).length > 0 ? listLeaves(value, path) : [{ path, value }];
  });
}

/** Lists the formatted key paths of all leaves, sorted. */
export function listKeyPaths(values: Values): string[] {
  return listLeaves(values)
    .map(({ path }) => formatKeyPath(path))
    .sort();
}

/** Returns the value at a path; undefined where there is none. */
export function getValueAt(values: Values, path: KeyPath): unknown {
  return path.reduce<unknown>((at, part) => (isMap(at) && Object.hasOwn(at, part) ? at[part] : undefined), values);
}

/** Formats a key path as in messages and settings: `a.b.c`. */
export function formatKeyPath(path: KeyPath): string {
  return path.join(".");
}

export function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Merges values by Helm's rule: maps key by key; anything else (lists too) is replaced by `over`. Pure; copies. */
export function mergeValues(base: Values, over: Values): Values {
  const merged: Values = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMap(below) && isMap(value) ? mergeValues(below, value) : value;
  }
  return merged;
}
