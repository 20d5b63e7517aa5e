import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InvalidInputError } from "../errors.js";

const packageName = "palette-upgrade";
let found: string | undefined;

/**
 * The folder of this package, found by walking up from this file, so that it is the same from `dist/` and from source.
 * @throws InvalidInputError `PACKAGE_ROOT_MISSING` where no package.json of that name is above.
 */
export function packageRoot(): string {
  found ??= walkUp(__dirname);
  return found;
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
  return (JSON.parse(readFileSync(file, "utf8")) as { name?: unknown }).name === packageName;
}
