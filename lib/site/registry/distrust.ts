import { SiteError } from "../../base/errors/site-error.js";
import { getErrorMessage } from "../../base/errors/errors.js";
import { findTrustFault } from "../../base/net/tls-trust.js";

/** Where the trust in a registry comes from. */
export interface TrustSource {
  caFile: string | null;
  /** PEM text of a CA that does not come from a file. */
  ca?: string | undefined;
  /** The setting that names `caFile`. */
  setting: string;
}

/** Creates the error for a refused certificate, with how to fix it; null for any other error. Pure. */
export function createDistrustError(
  thrown: unknown,
  host: string,
  { caFile, ca, setting }: TrustSource,
): SiteError | null {
  const fault = findTrustFault(thrown);
  if (fault === null) return null;
  const describeFix = (): string => {
    if (fault === "itself") return "No CA fixes that: the registry needs another certificate.";
    if (caFile !== null) return `The file that ${setting} names does not hold the CA of ${host}.`;
    if (ca !== undefined) return `The CA in the stored values is not that of ${host}; ${setting} can name another.`;
    return `Name the PEM file of the private CA of ${host} in ${setting}.`;
  };
  return new SiteError("untrusted", `${getErrorMessage(thrown)} ${describeFix()}`, { cause: thrown });
}
