/**
 * The planner's rules a second time, as plainly as they can be put and sharing nothing with lib/: own comparison, own
 * wildcards, depth-first search over rows. Slow is fine; clever is not.
 */
export interface NaiveRow {
  from: string;
  to: string;
  mark: string;
}

export interface NaiveMatrix {
  listed: string[];
  edge(from: string, to: string): boolean;
}

export function naiveMatrix(rows: readonly NaiveRow[]): NaiveMatrix {
  const listed = [...new Set(rows.flatMap((row) => [row.from, row.to]))]
    .filter((text) => !text.endsWith("x"))
    .sort(older);
  const names = (pattern: string, version: string): boolean =>
    pattern.endsWith(".x") ? version.startsWith(pattern.slice(0, -1)) : version === pattern;
  const edges = new Map<string, Set<string>>();
  for (const from of listed) {
    const leaving = rows.filter((row) => names(row.from, from));
    const supported = listed.filter((to) => {
      const naming = leaving.filter((row) => names(row.to, to));
      return older(from, to) < 0 && naming.length > 0 && naming.every((row) => row.mark === "supported");
    });
    edges.set(from, new Set(supported));
  }
  return { listed, edge: (from, to) => edges.get(from)?.has(to) ?? false };
}

const numbers = new Map<string, number[]>();

function read(version: string): number[] {
  const known = numbers.get(version) ?? version.split(".").map(Number);
  numbers.set(version, known);
  return known;
}

export function older(a: string, b: string): number {
  const [x, y] = [read(a), read(b)];
  for (const i of [0, 1, 2]) if (x[i] !== y[i]) return x[i]! - y[i]!;
  return 0;
}

export const minor = (version: string): string => `${read(version)[0]}.${read(version)[1]}`;
export const major = (version: string): string => version.split(".")[0]!;

/** Depth-first, one visit each. */
export function reach(matrix: NaiveMatrix, from: string): Set<string> {
  const seen = new Set<string>();
  const visit = (version: string): void => {
    for (const next of matrix.listed) {
      if (!matrix.edge(version, next) || seen.has(next)) continue;
      seen.add(next);
      visit(next);
    }
  };
  visit(from);
  return seen;
}

export function leadsTo(matrix: NaiveMatrix, from: string, to: string): boolean {
  return from === to || reach(matrix, from).has(to);
}

/** Design 4, `guideline` at one version, word for word. `leads(v)`: the target can still be reached from v, or v is it. */
export function guidelineNext(matrix: NaiveMatrix, at: string, target: string, leads: (v: string) => boolean): string {
  const rows = matrix.listed.filter((to) => matrix.edge(at, to) && older(to, target) <= 0 && leads(to));
  if (minor(target) === minor(at) && matrix.edge(at, target)) return target;
  const same = rows.filter((to) => minor(to) === minor(at));
  if (same.length > 0) return same.at(-1)!;
  const nextMinor = minor(rows[0]!);
  if (minor(target) === nextMinor && matrix.edge(at, target)) return target;
  return rows.filter((to) => minor(to) === nextMinor).at(-1)!;
}

export function guidelineRoute(
  matrix: NaiveMatrix,
  from: string,
  target: string,
  leads: (v: string) => boolean,
): string[] {
  const route: string[] = [];
  for (let at = from; at !== target;) {
    at = guidelineNext(matrix, at, target, leads);
    route.push(at);
  }
  return route;
}

/** Forward, one hop at a time: for each version reached in n hops only the route with the latest stops is kept. */
export function shortestRoute(
  matrix: NaiveMatrix,
  from: string,
  target: string,
  allowed: (from: string, to: string) => boolean,
): string[] {
  let routes = new Map<string, string[]>([[from, []]]);
  while (!routes.has(target)) {
    const longer = new Map<string, string[]>();
    for (const [at, route] of routes) {
      for (const to of matrix.listed) {
        if (!matrix.edge(at, to) || !allowed(at, to)) continue;
        const other = longer.get(to);
        if (other === undefined || isLater([...route, to], other)) longer.set(to, [...route, to]);
      }
    }
    if (longer.size === 0) throw new Error(`naive search: no route from ${from} to ${target}`);
    routes = longer;
  }
  return routes.get(target)!;
}

function isLater(a: string[], b: string[]): boolean {
  const at = a.findIndex((version, index) => version !== b[index]);
  return at >= 0 && older(a[at]!, b[at]!) > 0;
}

/** With PCGs: a listed minor is skipped from v only to where the guideline itself goes from v. */
export function walksMinors(
  matrix: NaiveMatrix,
  target: string,
  leads: (v: string) => boolean,
): (from: string, to: string) => boolean {
  const minors = [...new Set(matrix.listed.map(minor))];
  return (from, to) => {
    if (!leads(to)) return false;
    const skips = minors.indexOf(minor(to)) - minors.indexOf(minor(from)) > 1;
    return !skips || minor(guidelineNext(matrix, from, target, leads)) === minor(to);
  };
}
