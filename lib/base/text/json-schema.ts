import { Ajv } from "ajv";
import { readJsonFile } from "./read-json-file.js";

/** Validates a parsed file against a schema. Returns each violation as `path: what`. */
export type SchemaCheck = (value: unknown) => string[];

/**
 * Compiles a JSON schema into a check, with the schemas beside it that it refers to. Import this module only to validate
 * files: the compiler is slow to load.
 */
export function compileSchemaCheck(path: string, ...shared: string[]): SchemaCheck {
  const read = (file: string): object => readJsonFile(file) as object;
  const validate = new Ajv({ allErrors: true, schemas: shared.map(read) }).compile(read(path));
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath}: ${error.message ?? "not valid"}`);
  };
}
