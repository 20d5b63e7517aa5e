import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Finds a program in the folders that variables of the environment name, then on PATH; null where it is in none. */
export function findProgram(
  name: string,
  folderVariables: readonly string[],
  environment: NodeJS.ProcessEnv,
): string | null {
  const onPath = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const folders = [...folderVariables.flatMap((variable) => environment[variable] || []), ...onPath];
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
