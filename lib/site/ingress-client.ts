import { isIPv6 } from "node:net";
import { sendHttpRequest } from "../base/net/http.js";
import type { Site } from "./types.js";

const timeoutSeconds = 15;
const maxBytes = 2_000_000;

/**
 * Creates the client that requests the root domain's page from an address as a browser would: TLS server name and Host are those of the root
 * domain, whatever name or IP the address is. The certificate is read but not verified: what is found out is only which
 * ingress answers. It goes through the proxy that the environment names.
 * @throws SiteError `network` when nothing answers.
 */
export function createIngressClient(environment: NodeJS.ProcessEnv): Site["fetchIngressAnswer"] {
  return async (address, rootDomain) => {
    const { status, headers, certificateIssuer } = await sendHttpRequest({
      url: `https://${formatUrlHost(address)}/`,
      servername: rootDomain,
      headers: { host: rootDomain },
      verifyCertificate: false,
      environment,
      maxBytes,
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    return { status, server: String(headers.server ?? ""), certificateIssuer };
  };
}

/** An IPv6 address needs brackets in a URL. */
function formatUrlHost(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}
