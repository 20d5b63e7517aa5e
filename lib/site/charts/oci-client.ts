import { rootCertificates } from "node:tls";
import { SiteError } from "../../base/errors/site-error.js";
import { readCaFile } from "../../base/net/ca-file.js";
import { type Clock, systemClock } from "../../base/time/clock.js";
import { fetchBytes, formatUrl, type HttpBytes, type HttpRequest } from "../../base/net/http.js";
import { type Challenge, createTokenUrl, formatBasicAuthorization, isLoopback, parseChallenge } from "./oci-auth.js";
import { createDistrustError, type TrustSource } from "./oci-distrust.js";

/** How a registry is reached. */
export interface RegistryAccess {
  /** Empty: anonymous. */
  user: string;
  /** Secret: password or token. */
  password: string;
  /** PEM file of a private CA, trusted in addition to the system's; null: only the system's. */
  caFile: string | null;
  /** PEM text of a CA that does not come from a file. */
  ca?: string | undefined;
  /** The setting that names `caFile`, for errors. Default: palette:chartsCaFile. */
  caSetting?: string;
  /** Clock for the pauses between retries. Default: the machine's. */
  clock?: Clock;
  /** Sends a request. Default: a real one. */
  request?: (request: HttpRequest) => Promise<HttpBytes>;
}

/** One registry, by the OCI distribution API. Each call throws SiteError; no message holds a credential or a query. */
export interface Registry {
  host: string;
  /** Lists the tags of a repository, in the registry's order; null where the repository does not exist. */
  listTags(repository: string, signal?: AbortSignal): Promise<string[] | null>;
  /** Fetches the manifest of a tag or digest; null where it does not exist. */
  fetchManifest(repository: string, reference: string, signal?: AbortSignal): Promise<Buffer | null>;
  /** Returns whether the manifest exists. */
  hasManifest(repository: string, reference: string, signal?: AbortSignal): Promise<boolean>;
  fetchBlob(repository: string, digest: string, signal?: AbortSignal): Promise<Buffer>;
}

const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");
const limits = { manifest: 4_000_000, tags: 4_000_000, blob: 256_000_000, token: 1_000_000 } as const;
const attempts = 4;
const mostRedirects = 5;
const longestPauseSeconds = 30;
const requestLimitMs = 120_000;

/** Creates the client of a registry without a network request. @throws InvalidInputError `CA_FILE_UNREADABLE`. */
export function openRegistry(host: string, access: RegistryAccess): Registry {
  const session = new Session(host, access);
  const formatPath = (repository: string, rest: string): string => `/v2/${repository}/${rest}`;
  return {
    host,
    listTags: (repository, signal) => listAllTags(session, formatPath(repository, "tags/list?n=1000"), signal),
    async fetchManifest(repository, reference, signal) {
      const path = formatPath(repository, `manifests/${reference}`);
      const answer = await session.sendAuthorized("GET", path, limits.manifest, signal);
      return answer.status === 404 ? null : answer.body;
    },
    async hasManifest(repository, reference, signal) {
      const path = formatPath(repository, `manifests/${reference}`);
      return (await session.sendAuthorized("HEAD", path, limits.manifest, signal)).status !== 404;
    },
    async fetchBlob(repository, digest, signal) {
      const path = formatPath(repository, `blobs/${digest}`);
      const answer = await session.sendAuthorized("GET", path, limits.blob, signal);
      if (answer.status === 404) throw new SiteError("not-found", `${host}${path} is not there.`);
      return answer.body;
    },
  };
}

async function listAllTags(session: Session, first: string, signal?: AbortSignal): Promise<string[] | null> {
  const tags: string[] = [];
  for (let path: string | null = first; path !== null;) {
    const answer = await session.sendAuthorized("GET", path, limits.tags, signal);
    if (answer.status === 404) return null;
    const page = (parseJson(answer.body) as { tags?: unknown } | null)?.tags ?? [];
    if (!Array.isArray(page)) throw new SiteError("malformed", `${session.host} answered no list of tags.`);
    tags.push(...page.filter((tag): tag is string => typeof tag === "string"));
    const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(String(answer.headers.link ?? ""))?.[1];
    path = next === undefined ? null : getLinkPath(next);
  }
  return tags;
}

/** Returns path and query of a link; it may be a full URL, but is followed on the same host only. */
function getLinkPath(link: string): string {
  const url = new URL(link, "https://same.host");
  return `${url.pathname}${url.search}`;
}

/** Sends requests to one registry and keeps its tokens by scope. */
class Session {
  readonly #base: URL;
  readonly #ca: string | undefined;
  readonly #trust: TrustSource;
  readonly #clock: Clock;
  readonly #request: (request: HttpRequest) => Promise<HttpBytes>;
  readonly #authorizations = new Map<string, string>();

  constructor(
    readonly host: string,
    private readonly access: RegistryAccess,
  ) {
    const hostname = host.replace(/:\d+$/, "");
    this.#trust = { caFile: access.caFile, ca: access.ca, setting: access.caSetting ?? "palette:chartsCaFile" };
    const ca = readCaFile(access.caFile, this.#trust.setting) ?? access.ca;
    // Plain HTTP only to this machine itself, and only where no CA is configured.
    this.#base = new URL(`${isLoopback(hostname) && ca === undefined ? "http" : "https"}://${host}`);
    this.#ca = ca === undefined ? undefined : [...rootCertificates, ca].join("\n");
    this.#clock = access.clock ?? systemClock;
    this.#request = access.request ?? fetchBytes;
  }

  /** Sends a request, authorizing on 401; resolves for 2xx and 404. */
  async sendAuthorized(method: string, path: string, maxBytes: number, signal?: AbortSignal): Promise<HttpBytes> {
    const url = new URL(path, this.#base);
    const scope = path.split("/").slice(0, -2).join("/");
    const send = (): Promise<HttpBytes> =>
      this.#sendFollowingRedirects(method, url, maxBytes, this.#authorizations.get(scope), signal);
    let answer = await send();
    if (answer.status === 401) {
      const challenge = parseChallenge(answer.headers["www-authenticate"]);
      this.#authorizations.set(scope, await this.#authorize(challenge, url, signal));
      answer = await send();
    }
    if ((answer.status >= 200 && answer.status < 300) || answer.status === 404) return answer;
    throw this.#createRefusal(answer.status, url);
  }

  async #authorize(challenge: Challenge | null, url: URL, signal?: AbortSignal): Promise<string> {
    const { user, password } = this.access;
    const basic = user === "" && password === "" ? null : formatBasicAuthorization(user, password);
    if (challenge === null) throw this.#createRefusal(401, url);
    if (challenge.scheme === "basic") {
      if (basic === null) throw this.#createRefusal(401, url);
      return basic;
    }
    const tokenEndpoint = createTokenUrl(challenge);
    if (tokenEndpoint === null) {
      throw new SiteError(
        "unauthorized",
        `${this.host} sends to a place for tokens that is not https; nothing was sent there.`,
      );
    }
    const answer = await this.#sendWithRetry("GET", tokenEndpoint, limits.token, basic ?? undefined, signal);
    if (answer.status !== 200) throw this.#createRefusal(answer.status === 404 ? 401 : answer.status, tokenEndpoint);
    const { token, access_token: accessToken } = (parseJson(answer.body) ?? {}) as Partial<Record<string, unknown>>;
    const found = token ?? accessToken;
    if (typeof found !== "string") throw new SiteError("malformed", `${formatUrl(tokenEndpoint)} answered no token.`);
    return `Bearer ${found}`;
  }

  /** Sends a request and follows redirects; the authorization is never sent to another host. */
  async #sendFollowingRedirects(
    method: string,
    first: URL,
    maxBytes: number,
    authorization: string | undefined,
    signal?: AbortSignal,
  ): Promise<HttpBytes> {
    let url = first;
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const sameHostAuthorization = url.origin === first.origin ? authorization : undefined;
      const answer = await this.#sendWithRetry(method, url, maxBytes, sameHostAuthorization, signal);
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
      url = new URL(location, url);
      if (url.protocol !== "https:" && first.protocol === "https:") {
        throw new SiteError("malformed", `${this.host} redirects to a place that is not https.`);
      }
    }
    throw new SiteError("malformed", `${formatUrl(first)} redirects more than ${mostRedirects} times.`);
  }

  /** Sends a request, retrying on transient errors (interrupted, 429, 5xx); throws the last error. */
  async #sendWithRetry(
    method: string,
    url: URL,
    maxBytes: number,
    authorization: string | undefined,
    signal?: AbortSignal,
  ): Promise<HttpBytes> {
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt >= attempts;
      let retryAfterSeconds = 0;
      try {
        const answer = await this.#sendOnce(method, url, maxBytes, authorization, signal);
        if ((answer.status !== 429 && answer.status < 500) || last) return answer;
        retryAfterSeconds = Number(answer.headers["retry-after"] ?? 0) || 0;
        if (retryAfterSeconds > longestPauseSeconds) return answer;
      } catch (thrown) {
        signal?.throwIfAborted();
        if (last || !(thrown instanceof SiteError) || thrown.kind !== "network") throw thrown;
      }
      await this.#clock.sleep(Math.max(retryAfterSeconds, 0.5 * 2 ** (attempt - 1)), signal);
    }
  }

  #sendOnce(
    method: string,
    url: URL,
    maxBytes: number,
    authorization: string | undefined,
    signal?: AbortSignal,
  ): Promise<HttpBytes> {
    const limit = AbortSignal.timeout(requestLimitMs);
    const headers = { accept: manifestTypes, ...(authorization === undefined ? {} : { authorization }) };
    return this.#request({
      url: url.href,
      method,
      headers,
      ca: this.#ca,
      maxBytes,
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    }).catch((thrown: unknown) => {
      if (limit.aborted)
        throw new SiteError("network", `${formatUrl(url)} did not answer within ${requestLimitMs / 1000} s.`);
      throw createDistrustError(thrown, url.host, this.#trust) ?? thrown;
    });
  }

  #createRefusal(status: number, url: URL): SiteError {
    const who = this.access.user === "" ? "without a user" : `as user "${this.access.user}"`;
    if (status === 401)
      return new SiteError("unauthorized", `${formatUrl(url)} does not accept the credentials (${who}).`);
    if (status === 403) return new SiteError("forbidden", `${formatUrl(url)} may not be read ${who} (403).`);
    if (status === 429) return new SiteError("throttled", `${formatUrl(url)} answers: too many requests (429).`);
    return new SiteError(status >= 500 ? "server" : "malformed", `${formatUrl(url)} answered ${status}.`);
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
