/** What `palette-upgrade matrix …` prints, from plain data. */
import type { MatrixDiff, Stranded } from "../matrix/diff.js";
import type { ImportCounts, ImportedPage } from "../matrix/import-types.js";
import { versions } from "../matrix/lookup.js";
import { cellsOfRow } from "../matrix/matrix-file.js";
import type { Mark, Matrix, MatrixRow } from "../matrix/types.js";

/** One matrix of `matrix list --output json`. */
export function listJson({ rows, ...matrix }: Matrix): Record<string, unknown> {
  const listed = versions({ rows });
  return {
    ...matrix,
    newest: listed.at(-1),
    versions: listed.length,
    rows: rows.length,
    supported: marked(rows, "supported"),
  };
}

/** `matrix list` as a table. */
export function listText(matrices: readonly Matrix[]): string {
  const table = [["MATRIX", "RELEASES", "ROWS", "SUPPORTED", "READ ON", "COMMIT"]];
  for (const matrix of matrices) {
    const { id, rows, readOn, source } = matrix;
    const counts = [versions(matrix).length, rows.length, marked(rows, "supported")].map(String);
    table.push([id, ...counts, readOn, source.commit.slice(0, 10)]);
  }
  return columns(table);
}

/** `matrix show --output json`: rows in the form of the files. */
export function showJson({ rows, ...matrix }: Matrix): Record<string, unknown> {
  return { ...matrix, rows: rows.map(cellsOfRow) };
}

/** `matrix show` as text, by section. */
export function showText(matrix: Matrix): string {
  const { id, source, readOn, sha256, rows } = matrix;
  const head = [
    id,
    `${source.repository} ${source.path}`,
    `commit ${source.commit}, read on ${readOn}`,
    `sha256 ${sha256}`,
  ];
  const sections = [...new Set(rows.map((row) => row.section))];
  const blocks = sections.map((section) => {
    const own = rows.filter((row) => row.section === section);
    return `${section === "" ? "(no section)" : section}\n${own.map((row) => `  ${rowText(row)}\n`).join("")}`;
  });
  return `${head.join("\n")}\n\n${blocks.join("\n")}`;
}

/** `matrix import --output json`: design 8. */
export function importJson(page: ImportedPage, written: readonly string[]): Record<string, unknown> {
  const matrices = page.matrices.map(({ edition, method, rows, counts }) => ({
    edition,
    method,
    rows: rows.map(cellsOfRow),
    counts,
  }));
  const { leftOut, otherTables, warnings } = page;
  return { matrices, leftOut, otherTables, warnings, ...(written.length > 0 ? { written } : {}) };
}

/** `matrix import` as text: counts, then everything that was left out or is odd. */
export function importText(page: ImportedPage, written: readonly string[]): string {
  const lines = page.matrices.map(({ edition, method, counts }) => `${edition} ${method}: ${countsText(counts)}`);
  const read = page.matrices.reduce((sum, { counts }) => sum + counts.rows + counts.duplicates, 0);
  lines.push(`rows there: ${read + page.leftOut.length}, read: ${read}, left out: ${page.leftOut.length}`);
  lines.push(...page.warnings.map((warning) => `warning: ${warning}`), ...written);
  return `${lines.join("\n")}\n`;
}

/** `matrix diff --output json`. */
export function diffJson(a: Matrix, b: Matrix, diff: MatrixDiff): Record<string, unknown> {
  const { added, withdrawn, ...rest } = diff;
  return { from: a.id, to: b.id, added: added.map(cellsOfRow), withdrawn: withdrawn.map(cellsOfRow), ...rest };
}

/** Entries of one kind of change that the text shows; `--output json` shows all. */
const shownChanges = 20;

/** `matrix diff` as text: how many changes of each kind, and the first of them. */
export function diffText(a: Matrix, b: Matrix, diff: MatrixDiff): string {
  return [
    `${a.id} -> ${b.id}\n`,
    block("added", diff.added.map(rowText)),
    block("withdrawn", diff.withdrawn.map(rowText)),
    block(
      "re-marked",
      diff.remarked.map(({ from, to, before, after }) => `${from} -> ${to}: ${before}, now ${after}`),
    ),
    block("releases that appear", diff.appeared),
    block("releases that disappear", diff.disappeared),
    block("releases that become stranded", diff.stranded.map(strandedText)),
    block("roads lost", routesText(diff, "lost")),
    block("roads that go another way", routesText(diff, "other")),
    block("roads won", routesText(diff, "won")),
  ].join("");
}

function routesText({ routes }: MatrixDiff, kind: "lost" | "other" | "won"): string[] {
  return routes.flatMap(({ from, to, before, after }) => {
    if ((after === null ? "lost" : before === null ? "won" : "other") !== kind) return [];
    const was = before === null ? "" : `${before.join(", ")}; now `;
    return [`${from} to ${to}: ${was}${after === null ? "none" : after.join(", ")}`];
  });
}

function strandedText({ version, before, after, listed }: Stranded): string {
  if (!listed) return `${version}: reached ${before}, is not listed any more`;
  return `${version}: reached ${before}, now ${after === null ? "nothing" : `only ${after}`}`;
}

function block(title: string, lines: readonly string[]): string {
  const shown = lines.slice(0, shownChanges).map((line) => `  ${line}\n`);
  if (lines.length > shownChanges) shown.push(`  and ${lines.length - shownChanges} more (--output json has all)\n`);
  return `${title}: ${lines.length}\n${shown.join("")}`;
}

function countsText(counts: ImportCounts): string {
  const { rows, supported, unsupported, conditional, duplicates, leftOut } = counts;
  const marks = `supported ${supported}, unsupported ${unsupported}, conditional ${conditional}`;
  return `rows ${rows} (${marks}), duplicates ${duplicates}, left out ${leftOut}`;
}

function rowText({ from, to, mark }: MatrixRow): string {
  return `${from} -> ${to}${mark === "supported" ? "" : ` (${mark})`}`;
}

function marked(rows: readonly MatrixRow[], mark: Mark): number {
  return rows.filter((row) => row.mark === mark).length;
}

function columns(table: readonly string[][]): string {
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((row) => (row[at] ?? "").length)));
  const line = (row: string[]): string => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ");
  return table.map((row) => `${line(row).trimEnd()}\n`).join("");
}
