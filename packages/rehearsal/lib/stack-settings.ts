import { type StackConfig } from "./engine/project.js";

/**
 * Returns a stack's configuration with one setting changed, as `pulumi config set --path palette:<path>` does: a list,
 * a map, a truth and a number are given as JSON. Null takes the setting away.
 */
export function changeSetting(config: StackConfig, path: string, value: string | null): StackConfig {
  const [name = "", ...below] = path.split(".");
  const key = `palette:${name}`;
  if (below.length === 0) {
    if (value !== null) return { ...config, [key]: { value, secret: isSecretKey(key) } };
    return omit(config, key);
  }
  const group = JSON.parse(config[key]?.value ?? "{}") as Record<string, unknown>;
  return { ...config, [key]: { value: JSON.stringify(changeBelow(group, below, value)), secret: isSecretKey(key) } };
}

function changeBelow(
  group: Record<string, unknown>,
  [name = "", ...below]: string[],
  value: string | null,
): Record<string, unknown> {
  if (below.length > 0) {
    return { ...group, [name]: changeBelow((group[name] ?? {}) as Record<string, unknown>, below, value) };
  }
  return value === null ? omit(group, name) : { ...group, [name]: parseValue(value) };
}

function omit<T>(record: Record<string, T>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

/** Keys that the engine keeps as a secret, because there are secrets in them. */
function isSecretKey(key: string): boolean {
  return key === "palette:secrets" || key === "palette:values";
}

/** Reads a value as Pulumi reads the text of `config set --path`. */
export function parseValue(text: string): unknown {
  return /^(\[|\{|true$|false$|\d+$)/.test(text) ? (JSON.parse(text) as unknown) : text;
}
