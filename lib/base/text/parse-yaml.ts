import { parse } from "yaml";

/**
 * Parses YAML. The error names `subject` and the line at fault, and quotes nothing: the line may hold a secret.
 *
 * @param schema `failsafe` reads every scalar as a text.
 */
export function parseYaml(text: string, subject: string, schema: "core" | "failsafe" = "core"): unknown {
  try {
    return parse(text, { schema }) as unknown;
  } catch (error) {
    const line = (error as { linePos?: { line: number }[] }).linePos?.[0]?.line;
    throw new Error(`${subject} is not YAML${line === undefined ? "" : ` (line ${line})`}`);
  }
}

export type YamlMap = Record<string, unknown>;

/** Parses YAML that holds a map; an empty text is an empty map. The error names `subject`, as in `parseYaml`. */
export function parseYamlMap(text: string, subject: string, schema: "core" | "failsafe" = "core"): YamlMap {
  const value = parseYaml(text, subject, schema) ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return value as YamlMap;
  throw new Error(`${subject} is no map`);
}
