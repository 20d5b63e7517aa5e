import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { listProcesses, type ListedProcess } from "../../support/process-look.js";
import type { Search } from "../../support/secret-forms.js";

const searchEveryMillis = 30;

/** Where a planted secret was seen: `place: secret (form)`. */
export type Sighting = string;

/** An environment entry that holds a planted secret, of a process below the one that is watched. */
export interface HeldEntry {
  argv: string[];
  entry: string;
  value: string;
}

export interface Watch {
  /** On any command line of the machine. */
  commandLines: Set<Sighting>;
  held: HeldEntry[];
  /** In files that came and went. */
  passing: Set<Sighting>;
  /** Names of those files, without their folders. */
  files: Set<string>;
  /** Command lines of the watched process and of those below it. */
  family: Set<string>;
  end(): void;
}

/** Looks, until it is ended, at every process below `root`, and at files below `folder` as they come and go. */
export function watch(root: number, folder: string, search: Search): Watch {
  const [known, files] = [new Map<number, string>(), new Map<string, string>()];
  const seen = { commandLines: new Set<Sighting>(), held: [] as HeldEntry[], passing: new Set<Sighting>(), files: new Set<string>(), family: new Set<string>() }; // prettier-ignore
  /** `exec` gives a process another command line, and may give it another environment. */
  const isNew = ({ pid, argv, environment }: ListedProcess): boolean => {
    const state = [...argv, "", ...environment].join("\0");
    return known.get(pid) !== state && known.set(pid, state) !== undefined;
  };
  const look = (): void => {
    const { family, others } = listProcesses(root);
    for (const process of [...family, ...others].filter(isNew)) {
      const line = process.argv.join(" ");
      for (const found of search(line)) seen.commandLines.add(`${line}: ${found}`);
      for (const text of process.environment) {
        if (search(text).length === 0) continue;
        const at = text.indexOf("=");
        seen.held.push({ argv: process.argv, entry: text.slice(0, at), value: text.slice(at + 1) });
      }
    }
    for (const { argv } of family) seen.family.add(argv.join(" "));
    for (const file of filesBelow(folder)) peek(file);
  };
  const peek = (file: string): void => {
    try {
      const { size, mtimeMs } = statSync(file);
      if (files.get(file) === `${size} ${mtimeMs}`) return;
      files.set(file, `${size} ${mtimeMs}`);
      seen.files.add(basename(file));
      for (const found of search(textOf(file))) seen.passing.add(`${relative(folder, file)}: ${found}`);
    } catch {
      // It is gone again.
    }
  };
  look();
  const timer = setInterval(look, searchEveryMillis);
  return { ...seen, end: () => clearInterval(timer) };
}

/** Sightings in every file below a folder, compressed ones too. */
export function sightingsBelow(folder: string, search: Search): Sighting[] {
  return filesBelow(folder).flatMap((file) =>
    search(textOf(file)).map((found) => `${relative(folder, file)}: ${found}`),
  );
}

/** Sorted; links are not followed. Folders come and go too. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder, { withFileTypes: true })
      .flatMap((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
      })
      .sort();
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (isCompressed ? gunzipSync(bytes) : bytes).toString("utf8");
}
