import type { GateName } from "../gates/gate-names.js";
import { isInRange } from "../plan/edge-pattern.js";
import { loadRules } from "../plan/rules.js";
import type { NeverAcceptedRow } from "../plan/rules-types.js";
import type { Version } from "../version/version.js";

/** Finds the row of data/never-accepted.json that forbids accepting this reason; null if it may be accepted. */
export function findNeverAcceptedRow(
  gate: GateName,
  code: string,
  to: Version,
  resuming: boolean,
  rows: readonly NeverAcceptedRow[] = loadRules("neverAccepted"),
): NeverAcceptedRow | null {
  const isForbidding = (row: NeverAcceptedRow): boolean =>
    (row.gates.includes("*") || row.gates.includes(gate)) &&
    (row.codes.includes("*") || row.codes.includes(code)) &&
    (row.into === undefined || isInRange(to, row.into)) &&
    !(resuming && row.exceptResuming?.includes(code) === true);
  return rows.find(isForbidding) ?? null;
}
