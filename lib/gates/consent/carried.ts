import { z } from "zod";
import { InvalidInputError } from "../../base/errors/errors.js";
import type { GateName } from "../../planning/rules/gate-names.js";
import { acceptanceSchema, type Settings } from "../../settings/schema.js";
import type { Version } from "../../planning/version/version.js";
import { formatHopName, type Acceptance } from "./types.js";

/** Environment variable that passes its acceptances to a gate's process. */
export const acceptVariable = "ACCEPT";

/** The acceptances passed to a gate's process: only those of this gate and its destination. */
export interface GateAcceptances {
  fourEyes: boolean;
  entries: Acceptance[];
}

export const noAcceptances: GateAcceptances = { fourEyes: false, entries: [] };

const gateAcceptancesSchema = z.strictObject({ fourEyes: z.boolean(), entries: z.array(acceptanceSchema) });

/** Selects the acceptances that can apply to one gate, before or after a hop to version `to`. */
export function selectAcceptances(
  { accept, fourEyes }: Pick<Settings, "accept" | "fourEyes">,
  gate: GateName,
  to: Version,
): GateAcceptances {
  return { fourEyes, entries: accept.filter((each) => each.gate === gate && each.hop.endsWith(`->${to}`)) };
}

/**
 * Creates the environment entry for one gate's Command. Empty if nothing is accepted, so that an acceptance changes
 * only this Command, and removing it restores the Command as it was.
 */
export function createAcceptEnvironment(
  settings: Pick<Settings, "accept" | "fourEyes">,
  gate: GateName,
  to: Version,
): Record<string, string> {
  const selected = selectAcceptances(settings, gate, to);
  if (selected.entries.length === 0) return {};
  const entries = [...selected.entries].sort((a, b) => compareText(getSortKey(a), getSortKey(b)));
  return { [acceptVariable]: JSON.stringify({ fourEyes: selected.fourEyes, entries }) };
}

/** Parses the value of {@link acceptVariable}. @throws InvalidInputError `GATE_REQUEST`. */
export function parseAcceptances(text: string | undefined): GateAcceptances {
  if (text === undefined || text === "") return noAcceptances;
  try {
    return gateAcceptancesSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new InvalidInputError("GATE_REQUEST", `${acceptVariable}: it is no list of acceptances.`, {
      next: "The program sets this entry from palette:accept; unset it to run the gate by hand.",
      cause,
    });
  }
}

/** Selects the acceptances that name the hop. */
export function filterByHop(acceptances: readonly Acceptance[], hop: { from: Version; to: Version }): Acceptance[] {
  return acceptances.filter((each) => each.hop === formatHopName(hop));
}

function getSortKey({ subject, code, hop, by }: Acceptance): string {
  return `${hop} ${subject} ${code} ${by}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
