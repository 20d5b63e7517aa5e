import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { InvalidInputError } from "../errors/errors.js";
import { readJsonFile } from "../text/read-json-file.js";

const packageName = "palette-upgrade";
let cachedRoot: string | undefined;

/**
 * Finds the folder of this package by walking up from this file, so that it is the same from `dist/` and from source.
 * @throws InvalidInputError `PACKAGE_ROOT_MISSING` if no parent folder has a package.json with that name.
 */
export function findPackageRoot(): string {
  cachedRoot ??= walkUp(__dirname);
  return cachedRoot;
}

function walkUp(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isPackage(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) break;
  }
  throw new InvalidInputError("PACKAGE_ROOT_MISSING", `No package.json named ${packageName} above ${start}.`, {
    next: "Run from a complete checkout or installation of the package.",
  });
}

function isPackage(file: string): boolean {
  if (!existsSync(file)) return false;
  return (readJsonFile(file) as { name?: unknown }).name === packageName;
}
