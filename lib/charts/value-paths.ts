type Values = Record<string, unknown>;

/** A key of Helm values: the parts of its path. */
export type KeyPath = readonly string[];

/** One leaf of Helm values: a list, a scalar, or an empty map. */
export interface Leaf {
  path: KeyPath;
  value: unknown;
}

/** Every leaf, in the order of the values. */
export function leavesOf(values: Values, below: KeyPath = []): Leaf[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = [...below, key];
    return isMap(value) && Object.keys(value).length > 0 ? leavesOf(value, path) : [{ path, value }];
  });
}

/** The leaves as they are written, sorted. */
export function keyPaths(values: Values): string[] {
  return leavesOf(values)
    .map(({ path }) => dotted(path))
    .sort();
}

/** What lies at a path; undefined where nothing does. */
export function valueAt(values: Values, path: KeyPath): unknown {
  return path.reduce<unknown>((at, part) => (isMap(at) && Object.hasOwn(at, part) ? at[part] : undefined), values);
}

/** As it is written in messages and settings. */
export function dotted(path: KeyPath): string {
  return path.join(".");
}

export function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
