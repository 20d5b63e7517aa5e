import { findExecutable, listPathFolders } from "../../lib/base/process/find-on-path.js";

/** Finds a program in the folders that variables of the environment name, then on PATH; null where it is in none. */
export function findProgram(
  name: string,
  folderVariables: readonly string[],
  environment: NodeJS.ProcessEnv,
): string | null {
  const named = folderVariables.flatMap((variable) => environment[variable] || []);
  return findExecutable(name, [...named, ...listPathFolders(environment.PATH ?? "")]);
}
