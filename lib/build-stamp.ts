import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { InvalidInputError } from "./errors.js";

const stampFile = join("dist", "sources.sha256");

/** Records which sources `dist/` was built from. Called by the build. */
export function stampBuild(root: string): void {
  writeFileSync(join(root, stampFile), `${digestOfSources(root)}\n`);
}

/**
 * Compiled code refuses to run when it was not built from the sources beside it: what was tested would not be what runs.
 * Without sources (an installed package), or run from source, there is nothing to compare.
 *
 * @throws InvalidInputError `BUILD_STALE`.
 */
export function refuseStaleBuild(root: string, codeFolder: string): void {
  const isCompiled = codeFolder.startsWith(join(root, "dist") + sep) || codeFolder === join(root, "dist");
  if (!isCompiled || !existsSync(join(root, "index.ts"))) return;
  const stamp = existsSync(join(root, stampFile)) ? readFileSync(join(root, stampFile), "utf8").trim() : null;
  if (stamp === digestOfSources(root)) return;
  throw new InvalidInputError("BUILD_STALE", "dist/ was not built from the sources beside it.", {
    next: "Run npm run build.",
  });
}

function digestOfSources(root: string): string {
  const hash = createHash("sha256");
  for (const file of ["index.ts", ...sourcesBelow(root, "bin"), ...sourcesBelow(root, "lib")]) {
    hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function sourcesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sourcesBelow(root, path);
      return entry.name.endsWith(".ts") ? [path] : [];
    })
    .sort();
}
