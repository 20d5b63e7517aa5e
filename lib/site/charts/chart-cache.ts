import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { type FileName, parseFileName } from "../../base/text/file-name.js";
import { computeSha256 } from "./chart-files.js";

/** Relative to the program's folder, git-ignored; its name is part of every Release's input. */
const cacheFolder = ".palette/charts";

/** Charts extracted from archives or fetched from registries, under a path that is the same on every machine. */
export interface ChartCache {
  /** Returns the absolute path of a version's cached chart; null where there is none. */
  findFile(version: string, name: FileName): string | null;
  /**
   * Stores a chart unless the same bytes are stored already; returns its path, relative to the program and absolute.
   */
  put(version: string, name: FileName, bytes: Buffer): { path: string; file: string };
  /** Returns the same paths as `put` without storing anything. */
  getPaths(version: string, name: FileName): { path: string; file: string };
}

export function createChartCache(projectDir: string): ChartCache {
  const getPaths = (version: string, name: FileName): { path: string; file: string } => {
    const folder = parseFileName(`release-${version}`);
    if (folder === null) throw new TypeError(`"${version}" is no version`);
    const path = posix.join(cacheFolder, folder, name);
    return { path, file: join(projectDir, path) };
  };
  return {
    getPaths,
    findFile(version, name) {
      const { file } = getPaths(version, name);
      return existsSync(file) ? file : null;
    },
    put(version, name, bytes) {
      const paths = getPaths(version, name);
      if (!hasSameContent(paths.file, bytes)) writeAtomically(paths.file, bytes);
      return paths;
    },
  };
}

function hasSameContent(file: string, bytes: Buffer): boolean {
  return existsSync(file) && computeSha256(readFileSync(file)) === computeSha256(bytes);
}

/** Writes a file atomically: never a partial file, even where two runs write at once or one is killed. */
function writeAtomically(file: string, bytes: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}.tmp`;
  writeFileSync(temporary, bytes, { mode: 0o600, flag: "wx" });
  renameSync(temporary, file);
}
