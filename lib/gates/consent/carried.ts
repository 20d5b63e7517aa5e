import * as z from "zod";
import type { GateName } from "../../planning/rules/types.js";
import { acceptanceSchema } from "../../settings/list-entries.js";
import { type Settings } from "../../settings/schema.js";
import type { Version } from "../../planning/version/version.js";
import { type Acceptance } from "./types.js";

/** The acceptances passed to a gate: only those of this gate and its destination. */
export interface GateAcceptances {
  fourEyes: boolean;
  entries: Acceptance[];
}

export const gateAcceptancesSchema = z.strictObject({ fourEyes: z.boolean(), entries: z.array(acceptanceSchema) });

/**
 * Selects the acceptances that can apply to one gate, before or after a hop to version `to`, in a stable order.
 * Undefined if nothing is accepted, so that an acceptance changes only this gate's Command, and removing it restores the
 * Command as it was.
 */
export function selectAcceptances(
  { accept, approval }: Pick<Settings, "accept" | "approval">,
  gate: GateName,
  to: Version,
): GateAcceptances | undefined {
  const entries = accept
    .filter((each) => each.gate === gate && each.hop.endsWith(`->${to}`))
    .sort((a, b) => compareText(getSortKey(a), getSortKey(b)));
  return entries.length === 0 ? undefined : { fourEyes: approval.fourEyes, entries };
}

function getSortKey({ subject, code, hop, by }: Acceptance): string {
  return `${hop} ${subject} ${code} ${by}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
