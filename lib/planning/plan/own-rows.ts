import { InvalidInputError } from "../../base/errors/errors.js";
import { listRefusingRows, findDecidingRow } from "../matrix/lookup.js";
import type { Matrix, MatrixRow } from "../matrix/types.js";
import { compareVersions, parseVersion } from "../version/version.js";
import type { Hop, OwnRow, Warning } from "./types.js";
import { describeRow } from "./refusal/list-text.js";

/** The section of a site's own rows wherever rows are listed. */
const ownSection = "own row of this site";

/**
 * Checks a site's own rows: exact releases, leading up, each pair once, and none that the vendor's page refuses.
 * @throws InvalidInputError VERSION_INVALID, OWN_ROW_DOWN, OWN_ROW_TWICE or OWN_ROW_CONTRADICTS, which names both rows.
 */
export function checkOwnRows(rows: readonly OwnRow[], matrix: Matrix): void {
  for (const [index, row] of rows.entries()) {
    const named = `extraRows[${index}]`;
    parseVersion(row.from, `${named}.from`);
    parseVersion(row.to, `${named}.to`);
    const pair = `${row.from} -> ${row.to}`;
    if (compareVersions(row.from, row.to) >= 0) {
      throw new InvalidInputError("OWN_ROW_DOWN", `${named}: ${pair} does not lead up; Palette has no downgrade.`, {
        next: "Name the older release first.",
      });
    }
    if (rows.slice(0, index).some((other) => other.from === row.from && other.to === row.to)) {
      throw new InvalidInputError("OWN_ROW_TWICE", `${named}: ${pair} stands there twice.`, {
        next: "Keep one of them.",
      });
    }
    const [refusal] = listRefusingRows(matrix, row.from, row.to);
    if (refusal === undefined) continue;
    const says = refusal.mark === "unsupported" ? "refuses" : "supports on a condition only";
    throw new InvalidInputError(
      "OWN_ROW_CONTRADICTS",
      `${named}: the own row ${pair} contradicts the row ${describeRow(refusal)} of ${matrix.id}, which the page ${says}.`,
      { next: "Take the own row out: no site overrules a refusal of the vendor's." },
    );
  }
}

/**
 * Adds the rows of a site to the vendor's, for finding routes; id and checksum stay those of the vendor's matrix. Rows
 * about which the vendor has a row are left out. Returns the same matrix object if nothing is added.
 */
export function addOwnRows(matrix: Matrix, rows: readonly OwnRow[]): Matrix {
  const added = rows
    .filter(({ from, to }) => findDecidingRow(matrix, from, to) === undefined)
    .map(({ from, to }): MatrixRow => ({ from, to, mark: "supported", section: ownSection, line: null }));
  return added.length === 0 ? matrix : { ...matrix, rows: [...matrix.rows, ...added] };
}

/** Attaches the own row to a hop that only this row allows. */
export function attachOwnRow(hop: Hop, rows: readonly OwnRow[], matrix: Matrix): Hop {
  const own = rows.find(({ from, to }) => from === hop.from && to === hop.to);
  if (own === undefined || findDecidingRow(matrix, hop.from, hop.to) !== undefined) return hop;
  const { approvedBy, link, because } = own;
  return { ...hop, ownRow: { approvedBy, link, because } };
}

/** Lists OWN_ROW for each hop without a vendor's row, and OWN_ROW_IDLE for each own row that the vendor now has too. */
export function listOwnRowWarnings(hops: readonly Hop[], rows: readonly OwnRow[], matrix: Matrix): Warning[] {
  const made = hops.flatMap(({ from, to, ownRow }) => {
    if (ownRow === undefined) return [];
    const { approvedBy, link, because } = ownRow;
    const where = link === "" ? "" : ` (${link})`;
    const message = `The hop ${from} -> ${to} is no row of the vendor's: it is a row of this site's own, approved by ${approvedBy}${where}: ${because}${/[.!?]$/.test(because) ? "" : "."}`;
    return [{ code: "OWN_ROW", message }];
  });
  const idle = rows
    .filter(({ from, to }) => findDecidingRow(matrix, from, to) !== undefined)
    .map(({ from, to }) => ({
      code: "OWN_ROW_IDLE",
      message: `The own row ${from} -> ${to} is a row of ${matrix.id} too; take it out of extraRows.`,
    }));
  return [...made, ...idle];
}
