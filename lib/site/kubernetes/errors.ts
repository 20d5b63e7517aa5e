import { SiteError } from "../../base/errors/site-error.js";
import { InvalidInputError } from "../../base/errors/errors.js";
import { describeConnectionFailure } from "../../base/net/describe-failure.js";
import { findTrustFault } from "../../base/net/tls-trust.js";

/** An operation of the Kubernetes API, for messages: `list pods in namespace hubble-system`. */
export interface ApiOperation {
  /** Origin of the API server. */
  server: string;
  /** As RBAC writes it: get, list, create. */
  verb: string;
  /** e.g. `pods`, `pods/exec`. */
  resource: string;
  namespace?: string | undefined;
  name?: string | undefined;
}

interface ApiException {
  code: number;
  body: unknown;
}

/**
 * Converts anything a Kubernetes client throws to a SiteError that names server, verb and resource; for 403 the missing
 * permission. A 404 that did not come from Kubernetes is `malformed`, so that a proxy's page is never read as "absent".
 */
export function toKubernetesError(thrown: unknown, operation: ApiOperation): SiteError | InvalidInputError {
  if (thrown instanceof SiteError || thrown instanceof InvalidInputError) return thrown;
  const fault = findTrustFault(thrown);
  if (fault !== null) return createUntrustedError(thrown, fault, operation);
  if (isApiException(thrown)) return createStatusError(thrown.code, getStatusMessage(thrown.body), operation, thrown);
  if (thrown instanceof SyntaxError || thrown instanceof TypeError) {
    return new SiteError(
      "malformed",
      `${describeOperation(operation)}: the answer could not be read (${thrown.message}).`,
      {
        cause: thrown,
      },
    );
  }
  return new SiteError(
    "network",
    `${describeOperation(operation)}: the server could not be reached: ${describeConnectionFailure(thrown)}.`,
    {
      cause: thrown,
    },
  );
}

const accessFaults: readonly string[] = ["KUBECONFIG_PLUGIN", "KUBECONFIG_UNTRUSTED", "API_UNTRUSTED", "PROXY_INVALID"];

/** Returns whether an error of a client is one that no waiting mends: of a file or of this machine. */
export function isAccessFault(thrown: unknown): thrown is InvalidInputError {
  return thrown instanceof InvalidInputError && accessFaults.includes(thrown.code);
}

function createUntrustedError(thrown: unknown, fault: "issuer" | "itself", operation: ApiOperation): InvalidInputError {
  const message = `${describeOperation(operation)}: the server's certificate is not accepted: ${describeConnectionFailure(thrown)}.`;
  const next =
    fault === "issuer"
      ? "Correct certificate-authority (or certificate-authority-data) of the cluster in the kubeconfig."
      : "Correct server in the kubeconfig, or name what the certificate is for in tls-server-name; one that has run out needs a new certificate.";
  return new InvalidInputError("KUBECONFIG_UNTRUSTED", message, { next, cause: thrown });
}

/**
 * Creates the error for an HTTP status, also of a WebSocket handshake. `message` is that of the answer's Status object;
 * null where the answer is no Status object.
 */
export function createStatusError(
  code: number,
  message: string | null,
  operation: ApiOperation,
  cause?: unknown,
): SiteError {
  const detail = message === null ? "" : `: ${message}`;
  const options = cause === undefined ? {} : { cause };
  if (code === 401) {
    return new SiteError(
      "unauthorized",
      `${describeOperation(operation)} answered 401: the kubeconfig's credentials are not accepted${detail}.`,
      options,
    );
  }
  if (code === 403) {
    return new SiteError(
      "forbidden",
      `${describeOperation(operation)} answered 403: permission "${operation.verb}" on "${operation.resource}"${describeNamespace(operation)} is missing${detail}.`,
      options,
    );
  }
  if (code === 404 && message !== null)
    return new SiteError("not-found", `${describeOperation(operation)} answered 404${detail}.`, options);
  if (code === 429)
    return new SiteError(
      "throttled",
      `${describeOperation(operation)} answered 429: too many requests${detail}.`,
      options,
    );
  if (code >= 500)
    return new SiteError("server", `${describeOperation(operation)} answered ${code}${detail}.`, options);
  return new SiteError(
    "malformed",
    `${describeOperation(operation)} answered ${code}, not as a Kubernetes API does${detail}.`,
    options,
  );
}

/** Returns the message of a Kubernetes Status object, on one line; null for any other body. */
export function getStatusMessage(body: unknown): string | null {
  const status = typeof body === "string" ? parseJson(body) : body;
  if (typeof status !== "object" || status === null || (status as { kind?: unknown }).kind !== "Status") return null;
  const { message, reason } = status as { message?: unknown; reason?: unknown };
  const text = typeof message === "string" && message !== "" ? message : reason;
  return (typeof text === "string" ? text : "no message").replace(/\s+/g, " ").replace(/\.$/, "").slice(0, 300);
}

function describeOperation(operation: ApiOperation): string {
  const name = operation.name === undefined ? "" : ` ${operation.name}`;
  return `Kubernetes at ${operation.server}: ${operation.verb} ${operation.resource}${name}${describeNamespace(operation)}`;
}

function describeNamespace(operation: ApiOperation): string {
  return operation.namespace === undefined ? "" : ` in namespace ${operation.namespace}`;
}

function isApiException(thrown: unknown): thrown is ApiException {
  return thrown instanceof Error && typeof (thrown as Partial<ApiException>).code === "number" && "body" in thrown;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
