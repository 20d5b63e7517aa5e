import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { sha256Of } from "./chart-files.js";

/** Below the program's folder, git-ignored; its name is part of every Release's input. */
export const cacheFolder = ".palette/charts";

/** Charts taken out of archives and registries, at a place that is the same on every machine. */
export interface ChartCache {
  /** The cached file of one version's chart, absolute; null where there is none. */
  file(version: string, name: string): string | null;
  /** Puts it there unless the same bytes are there; its path relative to the program and absolute. */
  put(version: string, name: string, bytes: Buffer): { path: string; file: string };
  /** As `put`, of what is there. */
  at(version: string, name: string): { path: string; file: string };
}

export function chartCache(projectDir: string): ChartCache {
  const at = (version: string, name: string): { path: string; file: string } => {
    const path = posix.join(cacheFolder, `release-${version}`, name);
    return { path, file: join(projectDir, path) };
  };
  return {
    at,
    file(version, name) {
      const { file } = at(version, name);
      return existsSync(file) ? file : null;
    },
    put(version, name, bytes) {
      const place = at(version, name);
      if (!isSame(place.file, bytes)) writeWhole(place.file, bytes);
      return place;
    },
  };
}

function isSame(file: string, bytes: Buffer): boolean {
  return existsSync(file) && sha256Of(readFileSync(file)) === sha256Of(bytes);
}

/** Never half a file, even where two runs write at once or one is killed. */
function writeWhole(file: string, bytes: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, file);
}
