import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";
import { parseYamlMap } from "../../base/text/parse-yaml.js";
import type { ReleaseRow } from "../../planning/rules/types.js";
import { findPackedCandidates, findUnpackedCandidates, type Candidate } from "./candidates.js";

/** Finds the charts of a row in an unpacked archive's chart folder; empty where there are none. */
export function findCharts(root: string, row: ReleaseRow): Candidate[] {
  const folders = [...new Set(row.archives.map((archive) => archive.slice(0, archive.lastIndexOf("/"))))];
  const entries = folders
    .filter((folder) => isFolder(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));
  const charts = entries.filter((path) => existsSync(join(root, path, "Chart.yaml")));
  const files = entries.filter((path) => !isFolder(join(root, path)));
  return [...findPackedCandidates(files, row), ...findUnpackedCandidates(charts, row)];
}

/**
 * Reads the first of a row's values files that an archive contains; empty without one, or where the row takes none from
 * it.
 *
 * @param archive its folder or file, for errors.
 */
export function readArchiveValues(
  row: ReleaseRow,
  archive: string,
  read: (path: string) => string | null,
): Record<string, unknown> {
  if (row.values !== "archive") return {};
  for (const path of row.valuesFiles) {
    const text = read(path);
    if (text !== null) return parseValues(text, `${archive}: ${path}`);
  }
  return {};
}

/** Creates a function that reads a text file in a folder; null where the file does not exist. */
export function createTextReader(root: string): (path: string) => string | null {
  return (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : null);
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function parseValues(text: string, file: string): Record<string, unknown> {
  try {
    return parseYamlMap(text, file);
  } catch (error) {
    throw new InvalidInputError("CHART_UNREADABLE", `The archive's values cannot be read: ${getErrorMessage(error)}.`, {
      next: "Fix the file, or unpack the vendor's archive anew.",
    });
  }
}
