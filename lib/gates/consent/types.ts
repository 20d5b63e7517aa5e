import type { Settings } from "../../settings/schema.js";
import type { Version } from "../../planning/version/version.js";

/** An entry of `palette:accept`: a person accepts one reason of one gate for one hop. */
export type Acceptance = Settings["accept"][number];

/** What an acceptance is checked against. */
export interface AcceptanceContext {
  /** The hop as observed on the live site; null if it could not be determined, in which case nothing is accepted. */
  hop: { from: Version; to: Version } | null;
  /** `YYYY-MM-DD` of the site's clock. */
  today: string;
  /** Every name of the person who runs the upgrade; with `fourEyes` none of them may be the one who accepted. */
  runners: readonly string[];
  fourEyes: boolean;
  /** Whether a hop in progress is being resumed. */
  resuming: boolean;
}

/** Formats a hop as acceptances and acknowledgements name it, e.g. `4.6.41->4.7.20`. */
export function formatHopName({ from, to }: { from: Version; to: Version }): string {
  return `${from}->${to}`;
}

/** Describes an acceptance in one line, for reports. */
export function describeAcceptance({ gate, subject, code, hop, by, ticket, until }: Acceptance): string {
  return `${gate}: ${code} of ${subject === "*" ? "the whole" : subject}, for ${hop}, by ${by} (${ticket}), until ${until}`;
}
