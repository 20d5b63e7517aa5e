import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { InvalidInputError, getErrorMessage } from "../../../../lib/base/errors/errors.js";
import { getStackFileName } from "../../../../lib/settings/stack-file.js";

/** One value of a stack's configuration as the program gets it: text, or the JSON text of an object or list. */
interface ConfigValue {
  value: string;
  secret: boolean;
}
/** By `<namespace>:<key>`. */
export type StackConfig = Record<string, ConfigValue>;

/** What the engine needs of Pulumi.yaml. */
export interface Project {
  name: string;
  /** Directory the program runs in: the project's, or that of `main`. */
  programDirectory: string;
  typescript: boolean;
  nodeArguments: string[];
}

const projectSchema = z.object({
  name: z.string().min(1),
  runtime: z.union([
    z.string(),
    z.object({
      name: z.string(),
      options: z.object({ typescript: z.boolean().optional(), nodeargs: z.string().optional() }).optional(),
    }),
  ]),
  main: z.string().optional(),
  config: z.record(z.string(), z.unknown()).nullish(),
});
const stackSchema = z.object({ config: z.record(z.string(), z.unknown()).nullish() });

/** Reads Pulumi.yaml. Throws `PROJECT_INVALID` when it is absent, is no project or is not one for Node.js. */
export function readProject(projectDir: string): Project {
  const { name, runtime, main } = readProjectFile(projectDir);
  const { name: language, options } = typeof runtime === "string" ? { name: runtime, options: undefined } : runtime;
  if (language !== "nodejs") {
    throw new InvalidInputError(
      "PROJECT_INVALID",
      `Pulumi.yaml in ${projectDir} has runtime ${language}; this engine runs nodejs only.`,
    );
  }
  const { typescript = true, nodeargs = "" } = options ?? {};
  const programDirectory = main === undefined ? resolve(projectDir) : resolve(projectDir, main);
  return { name, programDirectory, typescript, nodeArguments: nodeargs.split(/\s+/).filter((word) => word !== "") };
}

/**
 * Reads the configuration of a stack from `Pulumi.<stack>.yaml` and the defaults of Pulumi.yaml. Throws
 * `CONFIG_ENCRYPTED` for values that only Pulumi can decrypt: pass those in another way.
 */
export function readStackConfig(projectDir: string, stack: string): StackConfig {
  const { name, config: declared } = readProjectFile(projectDir);
  const file = join(projectDir, getStackFileName(stack));
  const stated = existsSync(file) ? (parseFile(file, stackSchema).config ?? {}) : {};
  const values = new Map<string, unknown>();
  for (const [key, declaration] of Object.entries(declared ?? {})) {
    const value = getDeclaredValue(declaration);
    if (value !== undefined) values.set(toNamespacedKey(name, key), value);
  }
  for (const [key, value] of Object.entries(stated)) values.set(toNamespacedKey(name, key), value);
  return Object.fromEntries(
    [...values].map(([key, value]) => [key, { value: formatConfigValue(file, key, value), secret: false }]),
  );
}

function readProjectFile(projectDir: string): z.infer<typeof projectSchema> {
  const file = join(projectDir, "Pulumi.yaml");
  if (existsSync(file)) return parseFile(file, projectSchema);
  throw new InvalidInputError("PROJECT_INVALID", `There is no Pulumi.yaml in ${projectDir}.`, {
    next: "Name the folder of a Pulumi project.",
  });
}

function parseFile<T>(file: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(parse(readFileSync(file, "utf8")) ?? {});
  } catch (error) {
    throw new InvalidInputError("PROJECT_INVALID", `${file} cannot be used: ${getErrorMessage(error)}`, {
      cause: error,
    });
  }
}

/** Returns the value of a declaration: a plain value, or an object with `type`, `default` or `value`. */
function getDeclaredValue(declaration: unknown): unknown {
  if (typeof declaration !== "object" || declaration === null || Array.isArray(declaration)) return declaration;
  const { default: byDefault, value } = declaration as { default?: unknown; value?: unknown };
  return value ?? byDefault;
}

function toNamespacedKey(project: string, key: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

function formatConfigValue(file: string, key: string, value: unknown): string {
  if (hasSecureValue(value)) {
    throw new InvalidInputError(
      "CONFIG_ENCRYPTED",
      `${key} in ${file} is encrypted for Pulumi; the embedded engine cannot read it.`,
      {
        next: "Give the rehearsal a value of its own for this key.",
      },
    );
  }
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

function hasSecureValue(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (
    (!Array.isArray(value) && Object.keys(value).length === 1 && "secure" in value) ||
    Object.values(value).some(hasSecureValue)
  );
}
