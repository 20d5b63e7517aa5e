import { sendHttpRequest } from "../../base/net/http.js";
import { type Site } from "../../site/types.js";

const timeoutSeconds = 15;
const maxBytes = 2_000_000;

/** Creates a client of the simulated site, which answers for every address and names the certificate's issuer. */
export function createSimulatedIngress(base: string): Site["fetchIngressAnswer"] {
  return async (address, rootDomain) => {
    const { status, headers, certificateIssuer } = await sendHttpRequest({
      url: `${base}/ingress/${encodeURIComponent(address)}`,
      headers: { host: rootDomain },
      maxBytes,
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    const issuer = headers["x-certificate-issuer"];
    return {
      status,
      server: String(headers.server ?? ""),
      certificateIssuer: typeof issuer === "string" ? issuer : certificateIssuer,
    };
  };
}
