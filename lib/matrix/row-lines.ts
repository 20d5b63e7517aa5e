/**
 * The line, 1-based, on which each element of the top-level array `rows` of a JSON object begins.
 * Only for error messages: the text must have been parsed as JSON before; an empty list where it holds no `rows`.
 */
export function rowLines(json: string): number[] {
  const lines: number[] = [];
  let depth = 0;
  let line = 1;
  let key = "";
  let inRows = false;
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (char === "\n") line++;
    else if (char === '"') {
      const end = endOfString(json, at);
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

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at;
}
