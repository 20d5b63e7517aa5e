import type { Settings } from "../stack/settings-schema.js";
import type { Version } from "../version/version.js";

/** A named reason of one gate that a person accepts for one hop: an entry of `palette:accept`. */
export type Acceptance = Settings["accept"][number];

/** What an acceptance is held against. */
export interface AcceptanceContext {
  /** The hop as it is seen live; null where it could not be told: then nothing is accepted. */
  hop: { from: Version; to: Version } | null;
  /** `YYYY-MM-DD` of the site's clock. */
  today: string;
  /** Every name under which the one who runs is known; with four eyes none of them may have accepted. */
  runners: readonly string[];
  fourEyes: boolean;
  /** True where a begun hop is taken up again. */
  resuming: boolean;
}

/** `4.6.41->4.7.20`: how acceptances and acknowledgements name a hop. */
export function hopName({ from, to }: { from: Version; to: Version }): string {
  return `${from}->${to}`;
}

/** An acceptance in one line, for reports. */
export function describeAcceptance({ gate, subject, code, hop, by, ticket, until }: Acceptance): string {
  return `${gate}: ${code} of ${subject === "*" ? "the whole" : subject}, for ${hop}, by ${by} (${ticket}), until ${until}`;
}
