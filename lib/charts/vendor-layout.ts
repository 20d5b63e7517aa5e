import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { InvalidInputError, messageOf } from "../errors.js";
import type { ReleaseRow } from "../plan/rules-types.js";
import { packedCandidates, unpackedCandidates, type Candidate } from "./candidates.js";

/** Charts of a row below an unpacked archive's chart folder; empty where there is none. */
export function chartsBelow(root: string, row: ReleaseRow): Candidate[] {
  const folders = [...new Set(row.archives.map((archive) => archive.slice(0, archive.lastIndexOf("/"))))];
  const entries = folders
    .filter((folder) => isFolder(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));
  const charts = entries.filter((path) => existsSync(join(root, path, "Chart.yaml")));
  const files = entries.filter((path) => !isFolder(join(root, path)));
  return [...packedCandidates(files, row), ...unpackedCandidates(charts, row)];
}

/** The first of a row's values files that an archive holds, parsed; empty where it holds none or the row takes none from it. */
export function archiveValuesOf(row: ReleaseRow, read: (path: string) => string | null): Record<string, unknown> {
  if (row.values !== "archive") return {};
  for (const path of row.valuesFiles) {
    const text = read(path);
    if (text !== null) return parseValues(text, path);
  }
  return {};
}

/** Reads a text file below a folder; null where it is not there. */
export function textBelow(root: string): (path: string) => string | null {
  return (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : null);
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function parseValues(text: string, path: string): Record<string, unknown> {
  try {
    return (parse(text) as Record<string, unknown> | null) ?? {};
  } catch (error) {
    // A YAML error quotes the line at fault, which may hold a secret.
    const where = /at line \d+/.exec(messageOf(error))?.[0] ?? "";
    throw new InvalidInputError(
      "CHART_UNREADABLE",
      `The archive's ${path} is no YAML${where === "" ? "" : ` (${where})`}.`,
      {
        next: "Mend the file, or unpack the vendor's archive anew.",
      },
    );
  }
}
