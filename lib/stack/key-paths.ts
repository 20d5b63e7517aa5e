/** Dotted paths of the leaves of Helm values, sorted; a list is a leaf. */
export function keyPaths(values: Record<string, unknown>, prefix = ""): string[] {
  return Object.entries(values)
    .flatMap(([key, value]) =>
      isPlainObject(value) && Object.keys(value).length > 0 ? keyPaths(value, `${prefix}${key}.`) : [`${prefix}${key}`],
    )
    .sort();
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
