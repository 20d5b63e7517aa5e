import { readFileSync } from "node:fs";
import { Ajv } from "ajv";

/** Validates a parsed file against a schema. Returns each violation as `path: what`. */
export type SchemaCheck = (value: unknown) => string[];

/** Compiles a JSON schema into a check. Import this module only to validate files: the compiler is slow to load. */
export function compileSchemaCheck(path: string): SchemaCheck {
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(path, "utf8")) as object);
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath}: ${error.message ?? "not valid"}`);
  };
}
