import type { GateName } from "../gates/gate-names.js";
import { inRange } from "../plan/edge-pattern.js";
import { rulesOf } from "../plan/rules.js";
import type { NeverAcceptedRow } from "../plan/rules-types.js";
import type { Version } from "../version/version.js";

/** The row of data/never-accepted.json that forbids to accept this reason; null where it may be accepted. */
export function neverAccepted(
  gate: GateName,
  code: string,
  to: Version,
  resuming: boolean,
  rows: readonly NeverAcceptedRow[] = rulesOf("neverAccepted"),
): NeverAcceptedRow | null {
  const forbids = (row: NeverAcceptedRow): boolean =>
    (row.gates.includes("*") || row.gates.includes(gate)) &&
    (row.codes.includes("*") || row.codes.includes(code)) &&
    (row.into === undefined || inRange(to, row.into)) &&
    !(resuming && row.exceptResuming?.includes(code) === true);
  return rows.find(forbids) ?? null;
}
