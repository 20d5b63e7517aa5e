import { messageOf } from "../errors.js";
import { SiteError } from "./types.js";

/** What was asked, for messages: `list pods in namespace hubble-system`. */
export interface Asked {
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
 * Anything a Kubernetes client throws, as SiteError that names server, verb and resource; for 403 the permission that
 * is missing. A 404 that no Kubernetes wrote is `malformed`, so that a proxy's page is never read as "absent".
 */
export function kubernetesError(thrown: unknown, asked: Asked): SiteError {
  if (thrown instanceof SiteError) return thrown;
  if (isApiException(thrown)) return answeredError(thrown.code, statusMessage(thrown.body), asked, thrown);
  if (thrown instanceof SyntaxError || thrown instanceof TypeError) {
    return new SiteError("malformed", `${told(asked)}: the answer could not be read (${thrown.message}).`, {
      cause: thrown,
    });
  }
  return new SiteError("network", `${told(asked)}: the server could not be reached: ${reachMessage(thrown)}.`, {
    cause: thrown,
  });
}

/** The same for a status of a WebSocket handshake. `message` is that of the answer's Status object, null if it is none. */
export function answeredError(code: number, message: string | null, asked: Asked, cause?: unknown): SiteError {
  const said = message === null ? "" : `: ${message}`;
  const options = cause === undefined ? {} : { cause };
  if (code === 401) {
    return new SiteError(
      "unauthorized",
      `${told(asked)} answered 401: the kubeconfig's credentials are not accepted${said}.`,
      options,
    );
  }
  if (code === 403) {
    return new SiteError(
      "forbidden",
      `${told(asked)} answered 403: permission "${asked.verb}" on "${asked.resource}"${inNamespace(asked)} is missing${said}.`,
      options,
    );
  }
  if (code === 404 && message !== null)
    return new SiteError("not-found", `${told(asked)} answered 404${said}.`, options);
  if (code === 429)
    return new SiteError("throttled", `${told(asked)} answered 429: too many requests${said}.`, options);
  if (code >= 500) return new SiteError("server", `${told(asked)} answered ${code}${said}.`, options);
  return new SiteError("malformed", `${told(asked)} answered ${code}, not as a Kubernetes API does${said}.`, options);
}

/** The text of a Kubernetes Status object, on one line; null for any other body. */
export function statusMessage(body: unknown): string | null {
  const status = typeof body === "string" ? parsedObject(body) : body;
  if (typeof status !== "object" || status === null || (status as { kind?: unknown }).kind !== "Status") return null;
  const { message, reason } = status as { message?: unknown; reason?: unknown };
  const text = typeof message === "string" && message !== "" ? message : reason;
  return (typeof text === "string" ? text : "no message").replace(/\s+/g, " ").replace(/\.$/, "").slice(0, 300);
}

function told(asked: Asked): string {
  const name = asked.name === undefined ? "" : ` ${asked.name}`;
  return `Kubernetes at ${asked.server}: ${asked.verb} ${asked.resource}${name}${inNamespace(asked)}`;
}

function inNamespace(asked: Asked): string {
  return asked.namespace === undefined ? "" : ` in namespace ${asked.namespace}`;
}

function isApiException(thrown: unknown): thrown is ApiException {
  return thrown instanceof Error && typeof (thrown as Partial<ApiException>).code === "number" && "body" in thrown;
}

function reachMessage(thrown: unknown): string {
  const name = (thrown as { name?: unknown } | null)?.name;
  if (name === "AbortError" || name === "TimeoutError") return "no answer within the time limit";
  return messageOf(thrown).replace(/\.$/, "");
}

function parsedObject(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
