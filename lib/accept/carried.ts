import { z } from "zod";
import { InvalidInputError } from "../errors.js";
import type { GateName } from "../gates/gate-names.js";
import { acceptanceSchema, type Settings } from "../stack/settings-schema.js";
import type { Version } from "../version/version.js";
import { hopName, type Acceptance } from "./types.js";

/** Environment entry of a gate's process with its acceptances. */
export const acceptVariable = "ACCEPT";

/** What a gate's process is told of acceptances: its own, for its destination. */
export interface CarriedAcceptances {
  fourEyes: boolean;
  entries: Acceptance[];
}

export const noAcceptances: CarriedAcceptances = { fourEyes: false, entries: [] };

const carriedSchema = z.strictObject({ fourEyes: z.boolean(), entries: z.array(acceptanceSchema) });

/** The acceptances that can concern one gate before or after a hop into `to`. */
export function acceptancesFor(
  { accept, fourEyes }: Pick<Settings, "accept" | "fourEyes">,
  gate: GateName,
  to: Version,
): CarriedAcceptances {
  return { fourEyes, entries: accept.filter((each) => each.gate === gate && each.hop.endsWith(`->${to}`)) };
}

/**
 * The environment entry of one gate's Command; none where nothing is accepted, so that an acceptance touches this one Command
 * and no other, and its removal leaves the Command as it was before.
 */
export function acceptEntry(
  settings: Pick<Settings, "accept" | "fourEyes">,
  gate: GateName,
  to: Version,
): Record<string, string> {
  const carried = acceptancesFor(settings, gate, to);
  if (carried.entries.length === 0) return {};
  const entries = [...carried.entries].sort((a, b) => compareText(keyOf(a), keyOf(b)));
  return { [acceptVariable]: JSON.stringify({ fourEyes: carried.fourEyes, entries }) };
}

/** Reads it back. @throws InvalidInputError `GATE_REQUEST`. */
export function parseAccept(text: string | undefined): CarriedAcceptances {
  if (text === undefined || text === "") return noAcceptances;
  try {
    return carriedSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new InvalidInputError("GATE_REQUEST", `${acceptVariable}: it is no list of acceptances.`, {
      next: "The program sets this entry from palette:accept; unset it to run the gate by hand.",
      cause,
    });
  }
}

/** The acceptances of a list that name the hop. */
export function ofHop(acceptances: readonly Acceptance[], hop: { from: Version; to: Version }): Acceptance[] {
  return acceptances.filter((each) => each.hop === hopName(hop));
}

function keyOf({ subject, code, hop, by }: Acceptance): string {
  return `${hop} ${subject} ${code} ${by}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
