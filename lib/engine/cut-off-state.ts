import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidInputError } from "../base/errors/errors.js";

/** Pulumi's error for a stack with such a file, in every command. */
export const cutOffPattern = /failed to load checkpoint:[^\n]*(?:EOF|unexpected end of JSON input)/;

/** A file of a stack's state that ends too early. */
export interface CutOffFile {
  file: string;
  /** Where it ends; 0: it is empty. */
  line: number;
}

/**
 * Finds the files of a stack in a file backend that a kill or a full disk cut off. The backend writes the new state to a
 * temporary file, the attributes in place, and only then renames the state: a kill can leave empty attributes beside a
 * complete state.
 */
export function findCutOffFiles(folder: string, project: string, stack: string): CutOffFile[] {
  const state = join(folder, ".pulumi", "stacks", project, `${stack.split("/").at(-1)!}.json`);
  return [state, `${state}.attrs`].flatMap((file) => {
    if (!existsSync(file)) return [];
    const text = readFileSync(file, "utf8");
    return isJson(text) ? [] : [{ file, line: text === "" ? 0 : text.trimEnd().split("\n").length }];
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Creates the error, naming the files where they were found. Nothing is deleted: a person does that. Pure. */
export function createCutOffError(files: readonly CutOffFile[]): InvalidInputError {
  const attributes = files.filter(({ file }) => file.endsWith(".attrs"));
  const next =
    files.length > attributes.length
      ? "Put the stack's newest whole state back in its place: the .bak file beside it, or the newest below .pulumi/backups. Then run the same command again."
      : `Delete ${attributes[0]?.file ?? "the empty STACK.json.attrs in .pulumi/stacks of the file backend"}: it holds no state, and Pulumi does without it. Then run the same command again; it says how to take the killed run's lock away.`;
  const empty = files.filter(({ line }) => line === 0).map(({ file }) => file);
  const cutOff = files.filter(({ line }) => line > 0).map(({ file, line }) => `${file}, line ${line}`);
  const named = [
    ...(empty.length === 0 ? [] : [` Empty: ${empty.join(", ")}.`]),
    ...(cutOff.length === 0 ? [] : [` Cut off: ${cutOff.join("; ")}.`]),
  ];
  return new InvalidInputError(
    "STATE_CUT_OFF",
    `A run was killed while Pulumi wrote the stack's state, and the state cannot be read.${named.join("")}`,
    { next },
  );
}
