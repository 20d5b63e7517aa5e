import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { InvalidInputError } from "../errors/errors.js";

const stampFile = join("dist", "sources.sha256");

/** Records which sources `dist/` was built from. Called by the build. */
export function stampBuild(root: string): void {
  writeFileSync(join(root, stampFile), `${computeSourceDigest(root)}\n`);
}

/**
 * Throws when compiled code was not built from the sources beside it: the code that runs would not be the code that was
 * tested. Without sources (an installed package), or when run from source, there is nothing to compare.
 *
 * @throws InvalidInputError `BUILD_STALE`.
 */
export function refuseStaleBuild(root: string, codeFolder: string, isWritable = canWrite(root)): void {
  const isCompiled = codeFolder.startsWith(join(root, "dist") + sep) || codeFolder === join(root, "dist");
  if (!isCompiled || !existsSync(join(root, "index.ts"))) return;
  const stamp = existsSync(join(root, stampFile)) ? readFileSync(join(root, stampFile), "utf8").trim() : null;
  if (stamp === computeSourceDigest(root)) return;
  throw new InvalidInputError("BUILD_STALE", "dist/ was not built from the sources beside it.", {
    next: isWritable ? "Run npm run build." : `Run npm run build as a user who may write to ${root}.`,
  });
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function computeSourceDigest(root: string): string {
  const hash = createHash("sha256");
  for (const file of ["index.ts", ...["bin", "lib", "packages"].flatMap((folder) => listSources(root, folder))]) {
    hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function listSources(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === "test" ? [] : listSources(root, path);
      return entry.name.endsWith(".ts") ? [path] : [];
    })
    .sort();
}
