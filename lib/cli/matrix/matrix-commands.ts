import { existsSync, readFileSync } from "node:fs";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";
import { checkShipped } from "../../planning/matrix/check.js";
import { diffMatrices } from "../../planning/plan/matrix-diff.js";
import { importPage } from "../../planning/matrix/page/import-page.js";
import { importRows } from "../../planning/matrix/page/import-rows.js";
import type { ImportedPage } from "../../planning/matrix/page/import-types.js";
import { loadMatrix, loadShippedMatrices } from "../../planning/matrix/load.js";
import { decodePage } from "../../planning/matrix/page/text.js";
import { createMatrix, writeMatrices } from "../../planning/matrix/store.js";
import type { Edition, Matrix, MatrixSource, Method } from "../../planning/matrix/types.js";
import {
  toDiffJson,
  renderDiff,
  toImportJson,
  renderImport,
  toListJson,
  renderMatrixList,
  toMatrixJson,
  renderMatrix,
} from "./matrix-text.js";

/** Result of a command: text for stdout and the exit code (design 8). */
export interface MatrixResult {
  text: string;
  exitCode: number;
}

type MatrixFormat = "text" | "json";

export interface MatrixImportOptions {
  edition?: Edition;
  method?: Method;
  output: MatrixFormat;
  /** Write the matrices into the folder of shipped ones; requires the source of the page. */
  write?: boolean;
  /** With `write`: leave shipped matrices with equal rows as they are. */
  changedOnly?: boolean;
  repository?: string;
  path?: string;
  commit?: string;
  /** `YYYY-MM-DD`. Default: today. */
  readOn?: string;
  /** Folder to write to, if not that of the shipped matrices. */
  folder?: string;
}

/** Runs `matrix list`: the shipped matrices. */
export function listMatrices(format: MatrixFormat): MatrixResult {
  const matrices = loadShippedMatrices();
  return createResult(format === "json" ? formatJson(matrices.map(toListJson)) : renderMatrixList(matrices));
}

/** Runs `matrix show`: one matrix, by id or file. */
export function showMatrix(id: string, format: MatrixFormat): MatrixResult {
  const matrix = loadMatrix(id);
  return createResult(format === "json" ? formatJson(toMatrixJson(matrix)) : renderMatrix(matrix));
}

/**
 * Runs `matrix import`: the upgrade tables of a page, or a JSON table of rows; with `write` also as files. Exit code 2
 * if a matrix of the page was stopped; the others are read, and written, all the same.
 * @throws InvalidInputError for whatever keeps the page from being read whole, or IMPORT_SOURCE_MISSING.
 */
export function importMatrices(page: string, options: MatrixImportOptions): MatrixResult {
  const imported = readPage(page, options);
  const written = options.write === true ? writePage(imported, options) : [];
  const text =
    options.output === "json" ? formatJson(toImportJson(imported, written)) : renderImport(imported, written);
  return { text, exitCode: imported.stopped.length === 0 ? 0 : 2 };
}

/** Runs `matrix diff`: what changed from one matrix to another, each by id or file. */
export function compareMatrices(a: string, b: string, format: MatrixFormat): MatrixResult {
  const [before, after] = [loadMatrix(a), loadMatrix(b)];
  const diff = diffMatrices(before, after);
  return createResult(
    format === "json" ? formatJson(toDiffJson(before, after, diff)) : renderDiff(before, after, diff),
  );
}

/**
 * Runs `matrix check`: lists the faults of the shipped matrices and rules, or of a folder; exit code 2 if there are
 * any.
 */
export async function checkMatrices(folder?: string): Promise<MatrixResult> {
  const inMatrices = await checkShipped(folder);
  // Rules are checked against the hops of the shipped matrices, so the matrices are checked first.
  const rules = inMatrices.length > 0 || folder !== undefined ? null : await checkShippedRules();
  const faults = [...inMatrices, ...(rules?.faults ?? [])];
  if (faults.length > 0) return { text: joinLines([...faults, `faults: ${faults.length}`]), exitCode: 2 };
  const counts = rules === null ? [] : [`All shipped rules are in order: ${rules.counts.join(", ")}.`];
  const unknown = (rules?.unknown ?? []).map((line) => `  ${line}`);
  const left = unknown.length === 0 ? [] : ["Sources whose commit is not known, for the next refresh:", ...unknown];
  return createResult(joinLines(["All shipped matrices are in order.", ...counts, ...left]));
}

async function checkShippedRules(): Promise<{ faults: string[]; counts: string[]; unknown: string[] }> {
  const { checkRules, countRules, listUnknownCommits, readShippedRules } =
    await import("../../planning/rules/check-rules.js");
  const files = readShippedRules();
  const faults = checkRules(files, loadShippedMatrices());
  if (faults.length > 0) return { faults, counts: [], unknown: [] };
  const counts = files.map((file) => `${file.name} ${countRules(file)}`);
  return { faults, counts, unknown: listUnknownCommits(files) };
}

function readPage(page: string, options: MatrixImportOptions): ImportedPage {
  const bytes = readBytes(page);
  if (page.endsWith(".json")) {
    return importRows(decodePage(bytes), page);
  }
  return importPage(decodePage(bytes), { ...options, path: options.path ?? page });
}

function writePage(imported: ImportedPage, options: MatrixImportOptions): string[] {
  const source = resolveSource(imported, options);
  const readOn = options.readOn ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(readOn) || Number.isNaN(Date.parse(readOn))) {
    throw new InvalidInputError("DATE_INVALID", `--read-on: "${readOn}" is no day; nothing was written.`, {
      next: "Write it as in 2026-01-31.",
    });
  }
  const matrices: Matrix[] = imported.matrices.map((matrix) => createMatrix(matrix, source, readOn));
  return writeMatrices(matrices, options.folder, options.changedOnly).map(({ file, change }) => `${file}: ${change}`);
}

function resolveSource(imported: ImportedPage, options: MatrixImportOptions): MatrixSource {
  const { repository, path, commit } = { ...imported.source, ...selectSourceOptions(options) };
  if (repository !== undefined && path !== undefined && commit !== undefined) {
    if (!/^[0-9a-f]{40}$/.test(commit)) {
      throw new InvalidInputError("SOURCE_INVALID", `--commit: "${commit}" is no full commit; nothing was written.`, {
        next: "Give all 40 digits.",
      });
    }
    return { repository, path, commit };
  }
  const missing = Object.entries({ repository, path, commit }).flatMap(([key, value]) =>
    value === undefined ? [`--${key}`] : [],
  );
  throw new InvalidInputError(
    "IMPORT_SOURCE_MISSING",
    `A matrix is only written with its source; ${missing.join(", ")} missing.`,
    {
      next: "Say where the page comes from: --repository owner/name --path path/in/it --commit <40 digits>.",
    },
  );
}

function selectSourceOptions({ repository, path, commit }: MatrixImportOptions): Partial<MatrixSource> {
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(path === undefined ? {} : { path }),
    ...(commit === undefined ? {} : { commit }),
  };
}

function readBytes(page: string): Buffer {
  if (!existsSync(page)) {
    throw new InvalidInputError("PAGE_MISSING", `There is no page ${page}.`, {
      next: "Give the path of a Markdown file.",
    });
  }
  try {
    return readFileSync(page);
  } catch (error) {
    throw new InvalidInputError("PAGE_UNREADABLE", `${page} cannot be read: ${getErrorMessage(error)}`, {
      next: "Give the path of a file that this user may read.",
      cause: error,
    });
  }
}

function createResult(text: string): MatrixResult {
  return { text, exitCode: 0 };
}

function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function joinLines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
