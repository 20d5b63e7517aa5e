/** What `palette-upgrade matrix …` prints, from plain data. */
import type { MatrixDiff, Stranded } from "../../planning/plan/matrix-diff.js";
import type { ImportCounts, ImportedPage, StoppedMatrix } from "../../planning/matrix/page/import-types.js";
import { listVersions } from "../../planning/matrix/lookup.js";
import { toRowCells } from "../../planning/matrix/matrix-file.js";
import type { Mark, Matrix, MatrixRow } from "../../planning/matrix/types.js";
import { linkSource } from "../../planning/rules/citation.js";

/** Converts a matrix for `matrix list --output json`. */
export function toListJson({ rows, ...matrix }: Matrix): Record<string, unknown> {
  const listed = listVersions({ rows });
  return {
    ...matrix,
    newest: listed.at(-1),
    versions: listed.length,
    rows: rows.length,
    supported: countMarked(rows, "supported"),
  };
}

/** Renders `matrix list` as a table. */
export function renderMatrixList(matrices: readonly Matrix[]): string {
  const table = [["MATRIX", "RELEASES", "ROWS", "SUPPORTED", "READ ON", "COMMIT"]];
  for (const matrix of matrices) {
    const { id, rows, readOn, source } = matrix;
    const counts = [listVersions(matrix).length, rows.length, countMarked(rows, "supported")].map(String);
    table.push([id, ...counts, readOn, source.commit.slice(0, 10)]);
  }
  return renderColumns(table);
}

/** Converts a matrix for `matrix show --output json`, with rows as in the matrix files. */
export function toMatrixJson({ rows, ...matrix }: Matrix): Record<string, unknown> {
  return { ...matrix, rows: rows.map(toRowCells) };
}

/** Renders `matrix show` as text, by section. */
export function renderMatrix(matrix: Matrix): string {
  const { id, source, readOn, sha256, rows } = matrix;
  const head = [
    id,
    `${source.repository} ${source.path}`,
    `commit ${source.commit}, read on ${readOn}`,
    linkSource(source),
    `sha256 ${sha256}`,
  ];
  const sections = [...new Set(rows.map((row) => row.section))];
  const blocks = sections.map((section) => {
    const own = rows.filter((row) => row.section === section);
    return `${section === "" ? "(no section)" : section}\n${own.map((row) => `  ${formatRow(row)}\n`).join("")}`;
  });
  return `${head.join("\n")}\n\n${blocks.join("\n")}`;
}

/** Converts an imported page for `matrix import --output json` (design 8). */
export function toImportJson(page: ImportedPage, written: readonly string[]): Record<string, unknown> {
  const matrices = page.matrices.map(({ edition, method, rows, counts }) => ({
    edition,
    method,
    rows: rows.map(toRowCells),
    counts,
  }));
  const { leftOut, otherTables, warnings, stopped } = page;
  const optional = { ...(stopped.length > 0 ? { stopped } : {}), ...(written.length > 0 ? { written } : {}) };
  return { matrices, leftOut, otherTables, warnings, ...optional };
}

/** Renders `matrix import` as text: counts, then the warnings and what was written. */
export function renderImport(page: ImportedPage, written: readonly string[]): string {
  const lines = page.matrices.map(({ edition, method, counts }) => `${edition} ${method}: ${formatCounts(counts)}`);
  const read = page.matrices.reduce((sum, { counts }) => sum + counts.rows + counts.duplicates, 0);
  const stopped = page.stopped.reduce((sum, { rows }) => sum + rows, 0);
  const there = read + page.leftOut.length + stopped;
  const stoppedRows = page.stopped.length === 0 ? "" : `, stopped: ${stopped}`;
  lines.push(`rows there: ${there}, read: ${read}, left out: ${page.leftOut.length}${stoppedRows}`);
  lines.push(...page.stopped.map(formatStopped));
  lines.push(...page.warnings.map((warning) => `warning: ${warning}`), ...written);
  return `${lines.join("\n")}\n`;
}

/** Converts a diff for `matrix diff --output json`. */
export function toDiffJson(a: Matrix, b: Matrix, diff: MatrixDiff): Record<string, unknown> {
  const { added, withdrawn, ...rest } = diff;
  return { from: a.id, to: b.id, added: added.map(toRowCells), withdrawn: withdrawn.map(toRowCells), ...rest };
}

/** Entries of one kind of change that the text shows; `--output json` shows all. */
const shownChanges = 20;

/** Renders `matrix diff` as text: the number of changes of each kind, and the first of them. */
export function renderDiff(a: Matrix, b: Matrix, diff: MatrixDiff): string {
  return [
    `${a.id} -> ${b.id}\n`,
    renderBlock("added", diff.added.map(formatRow)),
    renderBlock("withdrawn", diff.withdrawn.map(formatRow)),
    renderBlock(
      "re-marked",
      diff.remarked.map(({ from, to, before, after }) => `${from} -> ${to}: ${before}, now ${after}`),
    ),
    renderBlock("releases that appear", diff.appeared),
    renderBlock("releases that disappear", diff.disappeared),
    renderBlock("releases that become stranded", diff.stranded.map(formatStranded)),
    renderBlock("routes lost", formatRoutes(diff, "lost")),
    renderBlock("routes that go another way", formatRoutes(diff, "other")),
    renderBlock("routes won", formatRoutes(diff, "won")),
  ].join("");
}

function formatRoutes({ routes }: MatrixDiff, kind: "lost" | "other" | "won"): string[] {
  return routes.flatMap(({ from, to, before, after }) => {
    if ((after === null ? "lost" : before === null ? "won" : "other") !== kind) return [];
    const was = before === null ? "" : `${before.join(", ")}; now `;
    return [`${from} to ${to}: ${was}${after === null ? "none" : after.join(", ")}`];
  });
}

function formatStranded({ version, before, after, listed }: Stranded): string {
  if (!listed) return `${version}: reached ${before}, is not listed any more`;
  return `${version}: reached ${before}, now ${after === null ? "nothing" : `only ${after}`}`;
}

function renderBlock(title: string, lines: readonly string[]): string {
  const shown = lines.slice(0, shownChanges).map((line) => `  ${line}\n`);
  if (lines.length > shownChanges) shown.push(`  and ${lines.length - shownChanges} more (--output json has all)\n`);
  return `${title}: ${lines.length}\n${shown.join("")}`;
}

function formatStopped({ edition, method, code, message, next, rows }: StoppedMatrix): string {
  const whose = [edition, method].filter((each) => each !== null).join(" ");
  return `stopped: ${whose === "" ? "a matrix" : whose} (${code}, rows there: ${rows}): ${message} ${next}`;
}

function formatCounts(counts: ImportCounts): string {
  const { rows, supported, unsupported, conditional, duplicates, leftOut } = counts;
  const marks = `supported ${supported}, unsupported ${unsupported}, conditional ${conditional}`;
  return `rows ${rows} (${marks}), duplicates ${duplicates}, left out ${leftOut}`;
}

function formatRow({ from, to, mark }: MatrixRow): string {
  return `${from} -> ${to}${mark === "supported" ? "" : ` (${mark})`}`;
}

function countMarked(rows: readonly MatrixRow[], mark: Mark): number {
  return rows.filter((row) => row.mark === mark).length;
}

function renderColumns(table: readonly string[][]): string {
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((row) => (row[at] ?? "").length)));
  const formatLine = (row: string[]): string => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ");
  return table.map((row) => `${formatLine(row).trimEnd()}\n`).join("");
}
