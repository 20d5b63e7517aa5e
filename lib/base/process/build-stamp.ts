import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { InvalidInputError } from "../errors/errors.js";

const stampFile = join("dist", "sources.sha256");
/** What the file system said of each source: while it says the same, none was edited and none need be read. */
const statesFile = join("dist", "sources.stat");
/** File systems keep times in steps, the coarsest of 2 s: an edit within the step of the last one would not show. */
const coarsestStepMs = 2_000;

/** What the file system says of a source: size in bytes, times in nanoseconds since 1970. */
interface SourceState extends Record<"size" | "ino" | "mtimeNs" | "ctimeNs", bigint> {
  file: string;
}

/** Records which sources `dist/` was built from. Called by the build. */
export function stampBuild(root: string, now = Date.now()): void {
  const files = listAllSources(root);
  // Before they are read: an edit in between then shows.
  const states = readStates(root, files);
  const settled = BigInt(now - coarsestStepMs) * 1_000_000n;
  rmSync(join(root, statesFile), { force: true });
  writeFileSync(join(root, stampFile), `${computeSourceDigest(root, files)}\n`);
  if (states.every(({ ctimeNs }) => ctimeNs < settled)) writeFileSync(join(root, statesFile), formatStates(states));
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
  const stamp = readIfThere(join(root, stampFile));
  const files = listAllSources(root);
  if (stamp !== null && readIfThere(join(root, statesFile)) === formatStates(readStates(root, files))) return;
  if (stamp?.trim() === computeSourceDigest(root, files)) return;
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

function readIfThere(file: string): string | null {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

// Here and below paths are put together by hand: for some 600 files `join` takes a third of the check.
function readStates(root: string, files: readonly string[]): SourceState[] {
  return files.map((file) => {
    const { size, ino, mtimeNs, ctimeNs } = statSync(`${root}/${file}`, { bigint: true });
    return { file, size, ino, mtimeNs, ctimeNs };
  });
}

function formatStates(states: readonly SourceState[]): string {
  return states
    .map(({ file, size, ino, mtimeNs, ctimeNs }) => `${file} ${size} ${ino} ${mtimeNs} ${ctimeNs}\n`)
    .join("");
}

function computeSourceDigest(root: string, files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function listAllSources(root: string): string[] {
  return ["index.ts", ...["bin", "lib", "packages"].flatMap((folder) => listSources(root, folder))];
}

function listSources(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === "test" ? [] : listSources(root, path);
      return entry.name.endsWith(".ts") ? [path] : [];
    })
    .sort();
}
