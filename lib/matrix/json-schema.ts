import { readFileSync } from "node:fs";
import { Ajv } from "ajv";

/** Every way in which a parsed file differs from its schema, as `path: what`. */
export type SchemaCheck = (value: unknown) => string[];

/** A JSON schema as a check. Import this module only where files are validated: the compiler is slow to load. */
export function jsonSchemaCheck(path: string): SchemaCheck {
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(path, "utf8")) as object);
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath}: ${error.message ?? "not valid"}`);
  };
}
