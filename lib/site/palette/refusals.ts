import { SiteError } from "../../base/errors/site-error.js";
import { getErrorMessage, InvalidInputError } from "../../base/errors/errors.js";
import { formatUrl, type HttpAnswer } from "../../base/net/http.js";
import { formatSecretCommand } from "../../settings/settings-faults.js";

/** Tenant, method and URL of a request, for messages: never the key, never the query. */
export interface RequestTarget {
  tenant: string;
  method: string;
  url: URL;
}

const retryAdvice = "then run the same command again.";
const healthAdvice = "Look at Palette's own pods (namespaces hubble-system and the ingress's)";

/** Converts an unsuccessful answer to an error that names tenant, path and what to do. */
export function toRefusalError(target: RequestTarget, answer: HttpAnswer): SiteError {
  const { tenant, method } = target;
  const where = `Tenant ${tenant}: ${method} ${formatUrl(target.url)}`;
  const { status } = answer;
  if (status === 401)
    return new SiteError(
      "unauthorized",
      `${where} answered 401: the API key of tenant ${tenant} is not valid or has expired. Make a new key in Palette as a ` +
        `user of tenant ${tenant}, and set it: ${formatSecretCommand(["secrets", "apiKeys", tenant])}.`,
    );
  if (status === 403)
    return new SiteError(
      "forbidden",
      `${where} answered 403: the role of tenant ${tenant}'s API key may not ${method === "GET" ? "read" : "change"} this. ` +
        `Its user needs ${method === "GET" ? readingRole : writingRole} in tenant scope (not in a project).`,
    );
  if (status === 404)
    return new SiteError(
      "not-found",
      `${where} answered 404: there is no such object in tenant ${tenant}. See that palette:secrets.apiKeys.${tenant} is ` +
        "its own tenant's key, and that palette:site.apiUrl is this installation's.",
    );
  if (status === 429)
    return new SiteError(
      "throttled",
      `${where} answered 429: too many requests. Palette counts them by source address: let what else asks it from here ` +
        `end, ${retryAdvice}`,
    );
  if (status >= 500)
    return new SiteError(
      "server",
      `${where} answered ${status}${formatErrorCode(answer.body)}. ${healthAdvice}, ${retryAdvice}`,
    );
  return new SiteError(
    "malformed",
    `${where} answered ${status}${formatErrorCode(answer.body)}; expected 200. Check that palette:site.apiUrl is the Palette API's own address.`,
  );
}

/** The least role for reading, as Palette names it. */
const readingRole =
  "the role Tenant Viewer, or one with privateGateway.get, privateGateway.list, cluster.get and cluster.list,";
/** The least role for acts. */
const writingRole = "the role Tenant Admin, or one with cluster.get and cluster.update,";

/** Creates the error for a missing API key. */
export function createNoKeyError(tenant: string): SiteError {
  return new SiteError(
    "unauthorized",
    `Tenant ${tenant}: no API key was given. Set it: ${formatSecretCommand(["secrets", "apiKeys", tenant])}.`,
  );
}

/** Creates the error for a request without an answer: the state of the object is unknown. */
export function createUnreachableError({ tenant }: RequestTarget, cause: unknown): SiteError {
  const message =
    `Tenant ${tenant}: ${getErrorMessage(cause).replace(/\.$/, "")}. Check palette:site.apiUrl, the way from here to it, and its ` +
    `certificate (palette:site.apiCaFile), ${retryAdvice}`;
  return new SiteError("network", message, { cause });
}

/** Creates the error for a certificate that is not accepted: no waiting changes that. */
export function createUntrustedApiError(
  { tenant }: RequestTarget,
  fault: "issuer" | "itself",
  cause: unknown,
): InvalidInputError {
  const message = `Tenant ${tenant}: ${getErrorMessage(cause).replace(/\.$/, "")}.`;
  const next =
    fault === "issuer"
      ? "Name the PEM file of the CA that signed the Palette API's certificate in palette:site.apiCaFile."
      : "Set palette:site.apiUrl to the host that the certificate is for; one that has run out needs a new certificate.";
  return new InvalidInputError("API_UNTRUSTED", message, { next, cause });
}

/** Creates the error for a request that timed out. */
export function createTimeoutError({ tenant, url }: RequestTarget, timeoutSeconds: number): SiteError {
  const message = `Tenant ${tenant}: ${formatUrl(url)} did not answer within ${timeoutSeconds} seconds. ${healthAdvice}, ${retryAdvice}`;
  return new SiteError("network", message);
}

/** Creates the error for a success whose body is not JSON. */
export function createNotJsonError({ tenant, url }: RequestTarget, status: number, cause: unknown): SiteError {
  const message =
    `Tenant ${tenant}: ${formatUrl(url)} answered ${status} with something that is not JSON; is this the Palette API? ` +
    "Set palette:site.apiUrl to the Palette API's own address, not that of a login page or proxy.";
  return new SiteError("malformed", message, { cause });
}

/** Formats the API's own error code; free text of a body is not repeated. */
function formatErrorCode(body: string): string {
  const code = /"code"\s*:\s*"([A-Za-z0-9]{1,60})"/.exec(body.slice(0, 10_000))?.[1];
  return code === undefined ? "" : ` (${code})`;
}
