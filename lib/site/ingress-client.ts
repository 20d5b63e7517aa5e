import { isIPv6 } from "node:net";
import { httpRequest } from "./http.js";
import type { Site } from "./types.js";

const timeoutSeconds = 15;
const maxBytes = 2_000_000;

/**
 * Asks an address for the root domain's page as a browser would: TLS server name and Host are the root domain's,
 * whatever name or IP the address is. The certificate is looked at, not verified: the question is who answers.
 * In a rehearsal (`rehearsalBase` given) the simulated site answers for every address.
 * @throws SiteError `network` when nothing answers.
 */
export function ingressClient(rehearsalBase: string | null): Site["ingressAnswer"] {
  return async (address, rootDomain) => {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const answer = await httpRequest(
      rehearsalBase === null
        ? {
            url: `https://${bracketed(address)}/`,
            servername: rootDomain,
            headers: { host: rootDomain },
            verifyCertificate: false,
            maxBytes,
            signal,
          }
        : {
            url: `${rehearsalBase}/ingress/${encodeURIComponent(address)}`,
            headers: { host: rootDomain },
            maxBytes,
            signal,
          },
    );
    const simulatedIssuer = rehearsalBase === null ? undefined : answer.headers["x-certificate-issuer"];
    return {
      status: answer.status,
      server: String(answer.headers.server ?? ""),
      certificateIssuer: typeof simulatedIssuer === "string" ? simulatedIssuer : answer.certificateIssuer,
    };
  };
}

/** An IPv6 address needs brackets in a URL. */
function bracketed(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}
