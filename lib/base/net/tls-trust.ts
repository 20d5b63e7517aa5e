/**
 * Codes for a certificate whose issuer is not among those trusted (Node's documentation of `tls`, "X509 certificate
 * error codes"), with OpenSSL's text for each. Node's own texts differ by version: from 24 on they name options of Node.
 */
const issuerFaults: ReadonlyMap<string, string> = new Map([
  ["UNABLE_TO_GET_ISSUER_CERT", "unable to get issuer certificate"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unable to get local issuer certificate"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"],
  ["CERT_SIGNATURE_FAILURE", "certificate signature failure"],
  ["CERT_UNTRUSTED", "certificate not trusted"],
  ["INVALID_CA", "invalid CA certificate"],
]);

/** Codes for a certificate that no CA makes valid: one of another host, expired, or not valid yet. */
const certificateFaults: ReadonlyMap<string, string | null> = new Map([
  // Node's own text names the host and those of the certificate.
  ["ERR_TLS_CERT_ALTNAME_INVALID", null],
  ["HOSTNAME_MISMATCH", "hostname mismatch"],
  ["CERT_HAS_EXPIRED", "certificate has expired"],
  ["CERT_NOT_YET_VALID", "certificate is not yet valid"],
]);

/**
 * Finds out why a server's certificate was refused: its `issuer` is not trusted, or the certificate `itself` is not
 * valid; null for any other error.
 */
export function findTrustFault(thrown: unknown): "issuer" | "itself" | null {
  for (const code of listCodes(thrown)) {
    if (issuerFaults.has(code)) return "issuer";
    if (certificateFaults.has(code)) return "itself";
  }
  return null;
}

/** Returns the same text on every version of Node for a refused certificate; null for any other error. */
export function describeTrustFault(thrown: unknown): string | null {
  for (const code of listCodes(thrown)) {
    const text = issuerFaults.get(code) ?? certificateFaults.get(code);
    if (text !== undefined) return text;
  }
  return null;
}

function listCodes(thrown: unknown): string[] {
  const codes: string[] = [];
  for (let error = thrown; error instanceof Error; error = error.cause)
    codes.push((error as NodeJS.ErrnoException).code ?? "");
  return codes;
}
