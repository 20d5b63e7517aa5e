import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `Pulumi.<stack>.yaml` with its path, for messages. */
export interface StackFile {
  path: string;
  text: string;
}

/** Returns the name of a stack's configuration file. */
export function getStackFileName(stack: string): string {
  return `Pulumi.${stack.split("/").at(-1)!}.yaml`;
}

/** Reads a stack's configuration file; null where there is none. */
export function readStackFile(projectDir: string, stack: string): StackFile | null {
  const path = join(projectDir, getStackFileName(stack));
  return existsSync(path) ? { path, text: readFileSync(path, "utf8") } : null;
}
