import * as z from "zod";
import { settingsSchema } from "./schema.js";

/** The part of a JSON schema that is used here. */
export interface KeySchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  properties?: Record<string, KeySchema>;
  items?: KeySchema;
  /** Of a map that takes certain keys only. */
  propertyNames?: { enum?: string[] };
  required?: string[];
  [keyword: string]: unknown;
}

let known: KeySchema | undefined;

/** Returns the JSON schema of the settings as a person writes them, keys without `palette:`. */
export function getKeySchema(): KeySchema {
  known ??= z.toJSONSchema(settingsSchema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // What only some validators know; the program says more of it.
      delete jsonSchema.format;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (zodSchema instanceof z.ZodDefault) addWrittenDefault(zodSchema, jsonSchema);
    },
  }) as KeySchema;
  return known;
}

/** Adds the default as a person would write it; null is what is left out. */
function addWrittenDefault({ def }: z.ZodDefault, schema: { default?: unknown }): void {
  if (def.defaultValue === null) delete schema.default;
  else schema.default = z.encode(def.innerType as z.ZodType, def.defaultValue);
}

/** Whether the engine passes a key's value as it is written; other values are JSON. */
export function isTextKey(key: string): boolean {
  const schema = getKeySchema().properties?.[key];
  return schema === undefined || schema.type === "string";
}

/** Finds the schema of a key by its path; undefined where no key is known there. */
export function findKeySchema(path: readonly PropertyKey[]): KeySchema | undefined {
  return path.reduce<KeySchema | undefined>(
    (schema, part) => (typeof part === "number" ? schema?.items : schema?.properties?.[String(part)]),
    getKeySchema(),
  );
}

/** Lists the names that are known at a path; indexes of lists are passed over. */
export function listKnownKeys(path: readonly PropertyKey[]): string[] {
  const at = findKeySchema(path);
  return [...Object.keys(at?.properties ?? {}), ...(at?.propertyNames?.enum ?? [])];
}

/** Finds the known key that a name at a path was meant to be; undefined where none is near. */
export function findNearestKey(path: readonly PropertyKey[], name: string): string | undefined {
  const near = listKnownKeys(path)
    .map((key) => ({ key, distance: computeDistance(key.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance)[0]?.key;
  if (near !== undefined || path.length > 0) return near;
  const groups = listKnownKeys([]).filter((group) => listKnownKeys([group]).includes(name));
  return groups.length === 1 ? `${groups[0]}.${name}` : undefined;
}

/** Levenshtein distance of two short names. */
function computeDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
