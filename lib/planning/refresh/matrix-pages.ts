import { InvalidInputError } from "../../base/errors/errors.js";
import { importPage } from "../matrix/page/import-page.js";
import type { ImportedMatrix } from "../matrix/page/import-types.js";
import { listVersions } from "../matrix/lookup.js";
import type { Matrix, MatrixRow } from "../matrix/types.js";
import { compareVersions, isVersion, type Version } from "../version/version.js";

/** What a matrix page of today says, measured against the newest shipped matrices. */
export interface MatrixPage {
  /** Matrices whose newest shipped one came from this page and has other rows. */
  changed: ImportedMatrix[];
  /** What must not be passed over: matrices stopped or lost, a page that cannot be read. */
  faults: string[];
  /** Rows of other pages, or of another branch, that lead past the newest release of the shipped matrix. */
  added: string[];
}

/** Reads a matrix page; `isSource` is false for a page, or branch, that shipped matrices do not come from. */
export function readMatrixPage(text: string, path: string, newest: readonly Matrix[], isSource: boolean): MatrixPage {
  const own = newest.filter((matrix) => isSource && matrix.source.path === path);
  const result: MatrixPage = { changed: [], faults: [], added: [] };
  let page;
  try {
    page = importPage(text, { path });
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const lost = own.map(({ edition, method }) => `${edition} ${method}`).join(", ");
    result.faults.push(`${error.code}: ${error.message}${lost === "" ? "" : ` Nothing was read of ${lost}.`}`);
    return result;
  }
  for (const { edition, method, code, message } of page.stopped)
    result.faults.push(`${edition ?? "?"} ${method ?? "?"} was not read (${code}): ${message}`);
  for (const matrix of page.matrices) {
    const shipped = newest.find((each) => isSame(each, matrix));
    if (isSource && (shipped === undefined || shipped.source.path === path)) {
      if (shipped === undefined || formatFacts(shipped.rows) !== formatFacts(matrix.rows)) result.changed.push(matrix);
      continue;
    }
    const last = shipped === undefined ? undefined : listVersions(shipped).at(-1);
    const added = matrix.rows.filter(({ to }) => isVersion(to) && isNewer(to, last)).map(formatRow);
    if (added.length > 0) result.added.push(describeAdded(matrix, added));
  }
  for (const matrix of own) {
    if (page.matrices.some((each) => isSame(each, matrix)) || page.stopped.some((each) => isSame(each, matrix)))
      continue;
    result.faults.push(
      `${matrix.edition} ${matrix.method}: the page holds no such rows any more (${matrix.id} has ${matrix.rows.length}).`,
    );
  }
  return result;
}

interface Identity {
  edition: string | null;
  method: string | null;
}

function isNewer(version: Version, last: Version | undefined): boolean {
  return last === undefined || compareVersions(version, last) > 0;
}

function isSame(a: Identity, b: Identity): boolean {
  return a.edition === b.edition && a.method === b.method;
}

function describeAdded({ edition, method }: ImportedMatrix, added: readonly string[]): string {
  const shown = added.slice(0, 10).join("; ");
  const more = added.length > 10 ? `; and ${added.length - 10} more` : "";
  return `${edition} ${method}, rows past the newest shipped release: ${added.length} (${shown}${more})`;
}

function formatRow({ from, to, mark }: MatrixRow): string {
  return `${from} -> ${to} ${mark}`;
}

function formatFacts(rows: readonly MatrixRow[]): string {
  return rows.map(formatRow).sort().join("\n");
}
