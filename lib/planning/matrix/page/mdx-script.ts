/** Comments and strings of JavaScript, in which brackets do not count. A string ends on its line. */
const quoted = /\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|(?<=^|\s)\/\/[^\n]*/my;

/** Finds the end of the expression that the `{` at `start` opens; undefined if it is never closed. */
export function findExpressionEnd(source: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < source.length;) {
    const end = findQuotedEnd(source, at);
    if (end === undefined && source.startsWith("/*", at)) return undefined;
    if (end === undefined && source[at] === "{") depth++;
    if (end === undefined && source[at] === "}" && --depth === 0) return at + 1;
    at = end ?? at + 1;
  }
  return undefined;
}

/** Finds the end of an `import` or `export` that begins at `start`: the blank line behind it that is in no bracket. */
export function findModuleCodeEnd(source: string, start: number): number {
  let depth = 0;
  for (let at = start; at < source.length;) {
    const end = findQuotedEnd(source, at);
    if (end === undefined && /[{([]/.test(source[at] ?? "")) depth++;
    if (end === undefined && /[})\]]/.test(source[at] ?? "")) depth--;
    if (depth <= 0 && /^\n[ \t\r]*(?:\n|$)/.test(source.slice(at, at + 200))) return at;
    at = end ?? at + 1;
  }
  return source.length;
}

function findQuotedEnd(source: string, at: number): number | undefined {
  if (!/["'`/]/.test(source[at] ?? "")) return undefined;
  quoted.lastIndex = at;
  return quoted.test(source) ? quoted.lastIndex : undefined;
}
