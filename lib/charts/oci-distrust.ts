import { messageOf } from "../errors.js";
import { untrustedBy } from "../site/tls-trust.js";
import { SiteError } from "../site/types.js";

/** Where the trust in a registry comes from. */
export interface TrustedBy {
  caFile: string | null;
  /** PEM text, where it comes from elsewhere than a file. */
  ca?: string | undefined;
  /** The setting that names `caFile`. */
  setting: string;
}

/** A refused certificate as an error that names what mends it; null for any other fault. Pure. */
export function distrust(thrown: unknown, host: string, { caFile, ca, setting }: TrustedBy): SiteError | null {
  const by = untrustedBy(thrown);
  if (by === null) return null;
  const mend = (): string => {
    if (by === "itself") return "No CA mends that: the registry needs another certificate.";
    if (caFile !== null) return `The file that ${setting} names does not hold the CA of ${host}.`;
    if (ca !== undefined) return `The CA in the stored values is not that of ${host}; ${setting} can name another.`;
    return `Name the PEM file of the private CA of ${host} in ${setting}.`;
  };
  return new SiteError("untrusted", `${messageOf(thrown)} ${mend()}`, { cause: thrown });
}
