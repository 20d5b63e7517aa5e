import { messageOf } from "../errors.js";
import { shown, type HttpAnswer } from "./http.js";
import { SiteError } from "./types.js";

/** Who was asked what, for a message: never the key, never the query. */
export interface AskedOf {
  tenant: string;
  method: string;
  url: URL;
}

/** A refusal that may be gone when asked again. */
export class RetryAfterError extends SiteError {
  constructor(
    kind: SiteError["kind"],
    message: string,
    readonly retryAfterSeconds: number | null,
    options: { cause?: unknown } = {},
  ) {
    super(kind, message, options);
  }
}

/** True for what may be tried again. */
export function isRetryAfter(thrown: unknown): thrown is RetryAfterError {
  return thrown instanceof RetryAfterError;
}

const again = "then run the same command again.";
const hostHealth = "Look at Palette's own pods (namespaces hubble-system and the ingress's)";

/** An answer that is no success, as an error that names tenant and path and what to do. */
export function refusalOf(asked: AskedOf, answer: HttpAnswer): SiteError {
  const { tenant, method } = asked;
  const where = `Tenant ${tenant}: ${method} ${shown(asked.url)}`;
  const { status } = answer;
  if (status === 401)
    return new SiteError(
      "unauthorized",
      `${where} answered 401: the API key of tenant ${tenant} is not valid or has expired. Make a new key in Palette as a ` +
        `user of tenant ${tenant}, and set it as that tenant's apiKey in palette:tenants (pulumi config set --secret).`,
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
      `${where} answered 404: there is no such object in tenant ${tenant}. See that tenant ${tenant} in palette:tenants has ` +
        "its own tenant's key, and that palette:apiUrl is this installation's.",
    );
  if (status === 429)
    return new RetryAfterError(
      "throttled",
      `${where} answered 429: too many requests. Palette counts them by source address: let what else asks it from here ` +
        `end, ${again}`,
      retryAfterSeconds(answer.headers["retry-after"]),
    );
  if (status >= 500)
    return new RetryAfterError(
      "server",
      `${where} answered ${status}${codeOf(answer.body)}. ${hostHealth}, ${again}`,
      null,
    );
  return new SiteError(
    "malformed",
    `${where} answered ${status}${codeOf(answer.body)}; expected 200. Check that palette:apiUrl is the Palette API's own address.`,
  );
}

/** The least role for reading, as Palette names it. */
export const readingRole =
  "the role Tenant Viewer, or one with privateGateway.get, privateGateway.list, cluster.get and cluster.list,";
/** The least role for acts. */
export const writingRole = "the role Tenant Admin, or one with cluster.get and cluster.update,";

/** No key at all. */
export function noKey(tenant: string): SiteError {
  return new SiteError(
    "unauthorized",
    `Tenant ${tenant}: no API key was given. Set it as that tenant's apiKey in palette:tenants (pulumi config set --secret).`,
  );
}

/** No answer: nothing is known of what is there. */
export function unreachable({ tenant }: AskedOf, cause: unknown): RetryAfterError {
  const message =
    `Tenant ${tenant}: ${messageOf(cause).replace(/\.$/, "")}. Check palette:apiUrl, the way from here to it, and its ` +
    `certificate (palette:apiCaFile), ${again}`;
  return new RetryAfterError("network", message, null, { cause });
}

/** The time limit of one request has passed. */
export function tooLate({ tenant, url }: AskedOf, timeoutSeconds: number): SiteError {
  const message = `Tenant ${tenant}: ${shown(url)} did not answer within ${timeoutSeconds} seconds. ${hostHealth}, ${again}`;
  return new SiteError("network", message);
}

/** A success whose body is no JSON. */
export function notJson({ tenant, url }: AskedOf, status: number, cause: unknown): SiteError {
  const message =
    `Tenant ${tenant}: ${shown(url)} answered ${status} with something that is not JSON; is this the Palette API? ` +
    "Set palette:apiUrl to the Palette API's own address, not that of a login page or proxy.";
  return new SiteError("malformed", message, { cause });
}

function retryAfterSeconds(header: string | undefined): number | null {
  if (header === undefined || !/^\d{1,6}$/.test(header.trim())) return null;
  return Number(header.trim());
}

/** The API's own error code; free text of a body is not repeated. */
function codeOf(body: string): string {
  const code = /"code"\s*:\s*"([A-Za-z0-9]{1,60})"/.exec(body.slice(0, 10_000))?.[1];
  return code === undefined ? "" : ` (${code})`;
}
