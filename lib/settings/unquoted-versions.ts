import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from "yaml";
import { formatPath } from "./settings-faults.js";
import { versionPaths } from "./schema.js";
import { findYamlFault, type StackFile } from "./stack-file.js";

const namespace = "palette:";

/**
 * Finds versions that lost digits because something read them as numbers: YAML reads an unquoted 4.10 as 4.1. The
 * stack's file shows how a version was written, also behind an alias or a merge key. A number from elsewhere
 * (an environment, Pulumi.yaml) is known by its form: the engine hands over 4.10 and 4.1 alike as `4.1`.
 */
export function findUnquotedVersions(raw: Readonly<Record<string, string>>, stackFile: StackFile | null): string[] {
  const fault = stackFile === null ? null : findYamlFault(stackFile);
  if (fault !== null) return [fault];
  const document = stackFile === null ? null : parseDocument(stackFile.text, { merge: true });
  const config = document === null ? undefined : resolveNode(document, document.get("config", true));
  const written = versionPaths.flatMap(([key, ...below]) =>
    document === null || !isMap(config) ? [] : findWrittenNumbers(document, config, [key, ...below]),
  );
  return written.length > 0 ? written : findNumbersFromElsewhere(raw, document, config, stackFile);
}

function findWrittenNumbers(document: Document, config: YAMLMap, [key, ...below]: string[]): string[] {
  const top = findValue(document, config, `${namespace}${key}`) ?? findValue(document, config, key!);
  const node = below.reduce<Node | undefined>(
    (at, part) => (isMap(at) ? findValue(document, at, part) : undefined),
    top,
  );
  const scalars = isSeq(node) ? node.items.map((item) => resolveNode(document, item)) : [node];
  return scalars.flatMap((scalar) => {
    if (!isScalar(scalar) || typeof scalar.value !== "number") return [];
    const text = String(scalar.source ?? scalar.value);
    const where = formatPath([key!, ...below]);
    return [`${where}: found ${text} without quotes, which YAML reads as the number ${scalar.value}; write "${text}".`];
  });
}

/** Values of groups arrive as JSON, in which a number is one; only a key of its own arrives as bare text. */
function findNumbersFromElsewhere(
  raw: Readonly<Record<string, string>>,
  document: Document | null,
  config: Node | undefined,
  stackFile: StackFile | null,
): string[] {
  return versionPaths.flatMap(([key, ...below]) => {
    const text = raw[`${namespace}${key}`];
    if (below.length > 0 || text === undefined || !/^\d+(\.\d+)?$/.test(text) || String(Number(text)) !== text)
      return [];
    const node =
      document !== null && isMap(config)
        ? (findValue(document, config, `${namespace}${key}`) ?? findValue(document, config, key))
        : undefined;
    if (isScalar(node) && node.value === text) return [];
    const where = formatPath([key]);
    const file = stackFile?.path ?? "the stack's configuration file";
    return [
      `${where}: found ${text}, which may be the number that is left of ${text}0, and ${file} does not hold it as text; write the whole version, or write it there in quotes.`,
    ];
  });
}

/** Returns the value of a key, its own or one that a merge key (`<<`) brings in, with aliases resolved. */
function findValue(document: Document, map: YAMLMap, key: string): Node | undefined {
  const own = map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
  if (own !== undefined) return resolveNode(document, own.value);
  for (const pair of map.items) {
    if (!isScalar(pair.key) || pair.key.source !== "<<") continue;
    const merged = resolveNode(document, pair.value);
    for (const source of isSeq(merged) ? merged.items : [merged]) {
      const found = resolveNode(document, source);
      const value = isMap(found) ? findValue(document, found, key) : undefined;
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

function resolveNode(document: Document, node: unknown): Node | undefined {
  const found = isAlias(node) ? node.resolve(document) : node;
  return isScalar(found) || isMap(found) || isSeq(found) ? found : undefined;
}
