/** The contract of an act: it writes, so it runs on its own, by name, never inside a preview, hook or retry. */
import type { GateSecrets } from "../settings/gate-secrets.js";
import type { GateSettings } from "../settings/gate-settings.js";
import type { Clock } from "../base/time/clock.js";
import type { Site } from "../site/types.js";
import type { Version } from "../planning/version/version.js";

export const actNames = ["fcv-raise", "pcg-resume", "pcg-approve", "backup", "dns-cutover"] as const;
export type ActName = (typeof actNames)[number];

/** What an act is asked to do, bound to one hop. */
export interface ActRequest {
  hop: { from: Version; to: Version };
  /** The act's own options, e.g. `pcg: "acme/pcg-vsphere"`. */
  options: Record<string, string>;
  settings: GateSettings;
  secrets: GateSecrets;
  site: Site;
  clock: Clock;
  signal: AbortSignal;
}

/** What the act would do, found by reading only. */
export interface ActProposal {
  /** The current state and what will be written, line by line, for the person who confirms. */
  lines: string[];
  /** True where the requested state is reached already and nothing is left to do. */
  alreadyDone: boolean;
  irreversible: boolean;
  /** Preconditions that do not hold, each with what to do; a single one refuses the act. */
  refusals: { code: string; message: string; next: string }[];
}

export interface ActOutcome {
  /** For the journal; redacted, sorted keys. */
  details: Record<string, string>;
  /** One sentence for the person, e.g. what must be paused again. */
  message: string;
}

export interface Act {
  name: ActName;
  summary: string;
  /** Names and summaries of the options it takes; `required` where it cannot run without. */
  options: { name: string; summary: string; required: boolean }[];
  /** The least rights it needs, Kubernetes or Palette role. */
  needs: string[];
  /** Reads; never writes. */
  propose(request: ActRequest): Promise<ActProposal>;
  /** Writes, once, after confirmation. Records what must be undone before it writes (`note`). */
  perform(request: ActRequest, note: (details: Record<string, string>) => Promise<void>): Promise<ActOutcome>;
}
