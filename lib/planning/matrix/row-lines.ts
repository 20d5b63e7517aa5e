/**
 * Finds the 1-based line on which each element of the top-level array `rows` of a JSON object begins; empty without
 * `rows`. Used for error messages only: the text must already have been parsed as JSON.
 */
export function findRowLines(json: string): number[] {
  const lines: number[] = [];
  let depth = 0;
  let line = 1;
  let key = "";
  let inRows = false;
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (char === "\n") line++;
    else if (char === '"') {
      const end = findStringEnd(json, at);
      if (depth === 1) key = json.slice(at + 1, end);
      at = end;
    } else if (char === "[" || char === "{") {
      depth++;
      if (depth === 2) inRows = char === "[" && key === "rows";
      if (depth === 3 && inRows) lines.push(line);
    } else if (char === "]" || char === "}") depth--;
  }
  return lines;
}

function findStringEnd(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at;
}
