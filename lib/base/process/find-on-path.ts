import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Lists the folders of a PATH variable, in its order. */
export function listPathFolders(path: string): string[] {
  return path.split(delimiter).filter((folder) => folder !== "");
}

/** Finds a program in the first of these folders that has it; null where none has. */
export function findExecutable(name: string, folders: readonly string[]): string | null {
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

/** Whether a path is a file that this user may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
