import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { InvalidInputError } from "../../../../lib/base/errors/errors.js";
import { replaceFile } from "../../../../lib/base/process/full-disk.js";
import * as z from "zod";
import { hasSealedValue } from "./values/seal.js";
import type { Properties, Value } from "./values/values.js";
import { stackType } from "./values/urn.js";

const valueSchema: z.ZodType<Value> = z.json();
const propertiesSchema: z.ZodType<Properties> = z.record(z.string(), valueSchema);
const urnsSchema = z.array(z.string());

export const hookKinds = [
  "beforeCreate",
  "afterCreate",
  "beforeUpdate",
  "afterUpdate",
  "beforeDelete",
  "afterDelete",
  "onError",
] as const;
export type HookKind = (typeof hookKinds)[number];

const resourceSchema = z.object({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean(),
  id: z.string(),
  parent: z.string(),
  /** `<urn>::<id>` of an explicit provider; empty: the default one. */
  provider: z.string(),
  /** Sealed: secrets are digests. */
  inputs: propertiesSchema,
  outputs: propertiesSchema,
  dependencies: urnsSchema,
  protect: z.boolean(),
  retainOnDelete: z.boolean(),
  importId: z.string(),
  initErrors: z.array(z.string()),
  /** True for one that was replaced and still waits for its deletion. */
  pendingDelete: z.boolean(),
  hooks: z.partialRecord(z.enum(hookKinds), z.array(z.string())),
});
const stateSchema = z.object({
  version: z.literal(1),
  project: z.string(),
  stack: z.string(),
  salt: z.string(),
  resources: z.array(resourceSchema),
});

/** One resource as the state file holds it. */
export type ResourceState = z.infer<typeof resourceSchema>;
export type EngineState = z.infer<typeof stateSchema>;

/**
 * Reads the state file; returns a new, empty state where there is no file. Throws `STATE_UNREADABLE` for invalid
 * content.
 */
export function readState(file: string, project: string, stack: string): EngineState {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw createUnreadableStateError(file, error);
    return { version: 1, project, stack, salt: randomBytes(32).toString("hex"), resources: [] };
  }
  let state: EngineState;
  try {
    state = stateSchema.parse(JSON.parse(text));
  } catch (error) {
    throw createUnreadableStateError(file, error);
  }
  if (state.project === project && state.stack === stack) return state;
  throw new InvalidInputError(
    "STATE_FOREIGN",
    `${file} holds stack ${state.project}/${state.stack}, not ${project}/${stack}.`,
    {
      next: "Name another state file, or the stack that this one belongs to.",
    },
  );
}

function createUnreadableStateError(file: string, cause: unknown): InvalidInputError {
  return new InvalidInputError("STATE_UNREADABLE", `${file} is not a state of the embedded engine.`, {
    cause,
    next: "Restore it from a copy, or delete it to begin the rehearsal anew.",
  });
}

/** Writes the state atomically. @throws PaletteError `DISK_FULL`. */
export function writeState(file: string, state: EngineState): void {
  mkdirSync(dirname(file), { recursive: true });
  replaceFile(file, `${JSON.stringify(state, null, 2)}\n`);
}

/** Returns the stack's outputs, without those that are or contain a secret; `secretNames` lists the omitted ones. */
export function getStackOutputs(state: EngineState): { outputs: Properties; secretNames: string[] } {
  const all = state.resources.find((resource) => resource.type === stackType)?.outputs ?? {};
  const names = Object.keys(all);
  return {
    outputs: Object.fromEntries(names.filter((name) => !hasSealedValue(all[name]!)).map((name) => [name, all[name]!])),
    secretNames: names.filter((name) => hasSealedValue(all[name]!)).sort(),
  };
}
