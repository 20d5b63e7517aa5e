import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { PaletteError } from "../base/errors/errors.js";

/** Pulumi's error for a stack with such a file, in every command. */
export const cutOffPattern = /failed to load checkpoint:[^\n]*(?:EOF|unexpected end of JSON input)/;

/**
 * Finds the files of a stack in a file backend that a kill left empty. The backend writes the new state to a temporary
 * file, the attributes in place, and only then renames the state: a kill can leave empty attributes beside a complete
 * state.
 */
export function findEmptyStateFiles(folder: string, project: string, stack: string): string[] {
  const state = join(folder, ".pulumi", "stacks", project, `${stack.split("/").at(-1)!}.json`);
  return [state, `${state}.attrs`].filter((file) => existsSync(file) && statSync(file).size === 0);
}

/** Creates the error, naming the empty files where they were found. Nothing is deleted: a person does that. Pure. */
export function createCutOffError(files: readonly string[]): PaletteError {
  const attributes = files.filter((file) => file.endsWith(".attrs"));
  const named = files.length === 0 ? "" : ` Empty: ${files.join(", ")}.`;
  const next =
    files.length > attributes.length
      ? "Put the stack's newest whole state back in its place: the .bak file beside it, or the newest below .pulumi/backups. Then run the same command again."
      : `Delete ${attributes[0] ?? "the empty STACK.json.attrs in .pulumi/stacks of the file backend"}: it holds no state, and Pulumi does without it. Then run the same command again; it says how to take the killed run's lock away.`;
  return new PaletteError(
    "STATE_CUT_OFF",
    1,
    `A run was killed while Pulumi wrote the stack's state, and the state cannot be read.${named}`,
    { next },
  );
}
