import { isIPv6 } from "node:net";
import { sendHttpRequest } from "../base/net/http.js";
import type { Site } from "./types.js";

const timeoutSeconds = 15;
const maxBytes = 2_000_000;

/**
 * Creates a client that requests the root domain's page from an address as a browser would: TLS server name and Host
 * are those of the root domain, whatever name or IP the address is. The certificate is read but not verified: the
 * client only finds out which ingress answers.
 * In a rehearsal (`rehearsalBase` given) the simulated site answers for every address.
 * @throws SiteError `network` when nothing answers.
 */
export function createIngressClient(rehearsalBase: string | null): Site["fetchIngressAnswer"] {
  return async (address, rootDomain) => {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const answer = await sendHttpRequest(
      rehearsalBase === null
        ? {
            url: `https://${formatUrlHost(address)}/`,
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
function formatUrlHost(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}
