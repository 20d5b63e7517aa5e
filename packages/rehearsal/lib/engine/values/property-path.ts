import { toCanonicalJson, isObject, type Properties, type Value } from "./values.js";
import { isSealed } from "./seal.js";

/**
 * Paths at which two sealed property maps differ, sorted: `environment.TO`, `triggers[0]`, `values["a.b"]`. A key that only
 * one side has is named itself, never what is below it. Keys that begin with `__` are the engine's own and left out.
 */
export function diffPaths(olds: Properties, news: Properties): string[] {
  return diffObjects("", olds, news).sort();
}

function diffObjects(path: string, olds: Properties, news: Properties): string[] {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) => path !== "" || !key.startsWith("__"),
  );
  return keys.flatMap((key) => diffValues(joinPath(path, key), olds[key], news[key]));
}

function diffValues(path: string, old: Value | undefined, next: Value | undefined): string[] {
  if (old === undefined || next === undefined) return old === next ? [] : [path];
  if (Array.isArray(old) && Array.isArray(next)) {
    const longest = Math.max(old.length, next.length);
    return Array.from({ length: longest }, (_, index) =>
      diffValues(`${path}[${index}]`, old[index], next[index]),
    ).flat();
  }
  if (isObject(old) && isObject(next) && !isSealed(old) && !isSealed(next)) return diffObjects(path, old, next);
  return toCanonicalJson(old) === toCanonicalJson(next) ? [] : [path];
}

function joinPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** The steps of a path as Pulumi writes them: `a.b[0]["c.d"]`, `a.*`. */
export function parsePath(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  for (const match of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[(\*)\]|([^.[\]]+)/g)) {
    const [, quoted, index, star, name] = match;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(quoted === undefined ? (star ?? name ?? "") : (JSON.parse(`"${quoted}"`) as string));
  }
  return steps;
}

/** Returns `news` with the value at each of `paths` restored from `olds`, or removed where `olds` has none. */
export function restoreIgnoredPaths(news: Properties, olds: Properties, paths: readonly string[]): Properties {
  let result = news;
  for (const path of paths) result = restorePath(result, olds, parsePath(path)) as Properties;
  return result;
}

function restorePath(
  next: Value | undefined,
  old: Value | undefined,
  steps: readonly (string | number)[],
): Value | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return old;
  if (step === "*") {
    const keys = Array.isArray(next) ? next.map((_, index) => index) : isObject(next) ? Object.keys(next) : [];
    return keys.reduce((result: Value | undefined, key) => restorePath(result, old, [key, ...rest]), next);
  }
  if (Array.isArray(next) && typeof step === "number") {
    const item = restorePath(next[step], Array.isArray(old) ? old[step] : undefined, rest);
    return next.map((value, index) => (index === step && item !== undefined ? item : value));
  }
  if (!isObject(next)) return next;
  const name = String(step);
  const { [name]: current, ...others } = next;
  const value = restorePath(current, isObject(old) ? old[name] : undefined, rest);
  return value === undefined ? others : { ...others, [name]: value };
}
