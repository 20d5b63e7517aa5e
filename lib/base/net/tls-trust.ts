/** Node's codes for a certificate whose issuer is not among those trusted (its documentation of `tls`, "X509 certificate error codes"). */
const issuerCodes: ReadonlySet<string> = new Set([
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "INVALID_CA",
]);

/** Node's codes for a certificate that no CA makes valid: one of another host, expired, or not valid yet. */
const certificateCodes: ReadonlySet<string> = new Set([
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
]);

/**
 * Finds out why a server's certificate was refused: its `issuer` is not trusted, or the certificate `itself` is not
 * valid; null for any other error.
 */
export function findTrustFault(thrown: unknown): "issuer" | "itself" | null {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (issuerCodes.has(code)) return "issuer";
    if (certificateCodes.has(code)) return "itself";
  }
  return null;
}
