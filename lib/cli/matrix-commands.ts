import { existsSync, readFileSync } from "node:fs";
import { InvalidInputError, messageOf } from "../errors.js";
import { checkShipped } from "../matrix/check.js";
import { diffMatrices } from "../matrix/diff.js";
import { importPage } from "../matrix/import-page.js";
import { importRows } from "../matrix/import-rows.js";
import type { ImportedPage } from "../matrix/import-types.js";
import { loadMatrix, shippedMatrices } from "../matrix/load.js";
import { decodePage } from "../matrix/page-text.js";
import { provenMatrix, writeMatrices } from "../matrix/store.js";
import type { Edition, Matrix, MatrixSource, Method } from "../matrix/types.js";
import { diffJson, diffText, importJson, importText, listJson, listText, showJson, showText } from "./matrix-text.js";

/** What a command answers: text for stdout and the exit code of design 8. */
export interface MatrixResult {
  text: string;
  exitCode: number;
}

export type MatrixFormat = "text" | "json";

export interface MatrixImportOptions {
  edition?: Edition;
  method?: Method;
  output: MatrixFormat;
  /** Write the matrices into the folder of shipped ones; needs to know where the page comes from. */
  write?: boolean;
  /** With `write`: leave shipped matrices with equal rows as they are. */
  changedOnly?: boolean;
  repository?: string;
  path?: string;
  commit?: string;
  /** `YYYY-MM-DD`; today where left out. */
  readOn?: string;
  /** Folder to write to, if not that of the shipped matrices. */
  folder?: string;
}

/** `matrix list`: the shipped matrices. */
export function matrixList(out: MatrixFormat): MatrixResult {
  const matrices = shippedMatrices();
  return done(out === "json" ? json(matrices.map(listJson)) : listText(matrices));
}

/** `matrix show`: one matrix, by id or file. */
export function matrixShow(id: string, format: MatrixFormat): MatrixResult {
  const matrix = loadMatrix(id);
  return done(format === "json" ? json(showJson(matrix)) : showText(matrix));
}

/**
 * `matrix import`: the upgrade tables of a page, or a JSON table of rows; with `write` also as files.
 * @throws InvalidInputError for whatever keeps the page from being read whole, or IMPORT_SOURCE_MISSING.
 */
export function matrixImport(page: string, options: MatrixImportOptions): MatrixResult {
  const imported = readPage(page, options);
  const written = options.write === true ? writePage(imported, options) : [];
  return done(options.output === "json" ? json(importJson(imported, written)) : importText(imported, written));
}

/** `matrix diff`: what changed from one matrix, by id or file, to another. */
export function matrixDiff(a: string, b: string, format: MatrixFormat): MatrixResult {
  const [before, after] = [loadMatrix(a), loadMatrix(b)];
  const diff = diffMatrices(before, after);
  return done(format === "json" ? json(diffJson(before, after, diff)) : diffText(before, after, diff));
}

/** `matrix check`: every fault of the shipped matrices and rules, or of the matrices of a folder; exit code 2 if there is one. */
export async function matrixCheck(folder?: string): Promise<MatrixResult> {
  const inMatrices = await checkShipped(folder);
  // Rules are proved against the hops of the shipped matrices, so these come first.
  const rules = inMatrices.length > 0 || folder !== undefined ? null : await checkedRules();
  const faults = [...inMatrices, ...(rules?.faults ?? [])];
  if (faults.length > 0) return { text: lines([...faults, `faults: ${faults.length}`]), exitCode: 2 };
  const counts = rules === null ? [] : [`All shipped rules are in order: ${rules.counts.join(", ")}.`];
  return done(lines(["All shipped matrices are in order.", ...counts]));
}

async function checkedRules(): Promise<{ faults: string[]; counts: string[] }> {
  const { checkRules, countRules, shippedRules } = await import("../plan/check-rules.js");
  const files = shippedRules();
  const faults = checkRules(files, shippedMatrices());
  return { faults, counts: faults.length > 0 ? [] : files.map((file) => `${file.name} ${countRules(file)}`) };
}

function readPage(page: string, options: MatrixImportOptions): ImportedPage {
  const bytes = readBytes(page);
  if (page.endsWith(".json")) {
    return importRows(decodePage(bytes), page);
  }
  return importPage(decodePage(bytes), { ...options, path: options.path ?? page });
}

function writePage(imported: ImportedPage, options: MatrixImportOptions): string[] {
  const source = sourceOf(imported, options);
  const readOn = options.readOn ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(readOn) || Number.isNaN(Date.parse(readOn))) {
    throw new InvalidInputError("DATE_INVALID", `--read-on: "${readOn}" is no day; nothing was written.`, {
      next: "Write it as in 2026-01-31.",
    });
  }
  const matrices: Matrix[] = imported.matrices.map((matrix) => provenMatrix(matrix, source, readOn));
  return writeMatrices(matrices, options.folder, options.changedOnly).map(({ file, change }) => `${file}: ${change}`);
}

function sourceOf(imported: ImportedPage, options: MatrixImportOptions): MatrixSource {
  const { repository, path, commit } = { ...imported.source, ...given(options) };
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

function given({ repository, path, commit }: MatrixImportOptions): Partial<MatrixSource> {
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
    throw new InvalidInputError("PAGE_UNREADABLE", `${page} cannot be read: ${messageOf(error)}`, {
      next: "Give the path of a file that this user may read.",
      cause: error,
    });
  }
}

function done(text: string): MatrixResult {
  return { text, exitCode: 0 };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
