import { rootCertificates } from "node:tls";
import { readCaFile } from "../site/ca-file.js";
import { systemClock, type Clock } from "../site/clock.js";
import { httpBytes, shown, type HttpBytes, type HttpRequest } from "../site/http.js";
import { SiteError } from "../site/types.js";
import { distrust, type TrustedBy } from "./oci-distrust.js";
import { basicAuthorization, isLoopback, parseChallenge, tokenUrl, type Challenge } from "./oci-auth.js";

/** How a registry is reached. */
export interface RegistryAccess {
  /** Empty: anonymous. */
  user: string;
  /** Secret: password or token. */
  password: string;
  /** PEM file of a private CA, trusted beside the system's; null: the system's alone. */
  caFile: string | null;
  /** PEM text of a CA, where it comes from elsewhere than a file. */
  ca?: string | undefined;
  /** The setting that names `caFile`, for errors. Default: palette:chartsCaFile. */
  caSetting?: string;
  /** Default: the machine's. Paces what is tried again. */
  clock?: Clock;
  /** Default: one real request. */
  request?: (request: HttpRequest) => Promise<HttpBytes>;
}

/** One registry, by the OCI distribution API. Each call throws SiteError; no message holds a credential or a query. */
export interface Registry {
  host: string;
  /** Tags of a repository, in the registry's order; null where it is not there. */
  tags(repository: string, signal?: AbortSignal): Promise<string[] | null>;
  /** The manifest of a tag or digest; null where it is not there. */
  manifest(repository: string, reference: string, signal?: AbortSignal): Promise<Buffer | null>;
  /** Whether that manifest is there. */
  has(repository: string, reference: string, signal?: AbortSignal): Promise<boolean>;
  blob(repository: string, digest: string, signal?: AbortSignal): Promise<Buffer>;
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

/** @throws InvalidInputError `CA_FILE_UNREADABLE`. Nothing is asked of the network yet. */
export function openRegistry(host: string, access: RegistryAccess): Registry {
  const session = new Session(host, access);
  const at = (repository: string, rest: string): string => `/v2/${repository}/${rest}`;
  return {
    host,
    tags: (repository, signal) => allTags(session, at(repository, "tags/list?n=1000"), signal),
    async manifest(repository, reference, signal) {
      const path = at(repository, `manifests/${reference}`);
      const answer = await session.ask("GET", path, limits.manifest, signal);
      return answer.status === 404 ? null : answer.body;
    },
    async has(repository, reference, signal) {
      const path = at(repository, `manifests/${reference}`);
      return (await session.ask("HEAD", path, limits.manifest, signal)).status !== 404;
    },
    async blob(repository, digest, signal) {
      const path = at(repository, `blobs/${digest}`);
      const answer = await session.ask("GET", path, limits.blob, signal);
      if (answer.status === 404) throw new SiteError("not-found", `${host}${path} is not there.`);
      return answer.body;
    },
  };
}

async function allTags(session: Session, first: string, signal?: AbortSignal): Promise<string[] | null> {
  const tags: string[] = [];
  for (let path: string | null = first; path !== null;) {
    const answer = await session.ask("GET", path, limits.tags, signal);
    if (answer.status === 404) return null;
    const page = (jsonOf(answer.body) as { tags?: unknown } | null)?.tags ?? [];
    if (!Array.isArray(page)) throw new SiteError("malformed", `${session.host} answered no list of tags.`);
    tags.push(...page.filter((tag): tag is string => typeof tag === "string"));
    const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(String(answer.headers.link ?? ""))?.[1];
    path = next === undefined ? null : pathOf(next);
  }
  return tags;
}

/** A link may be a whole address; it is followed on the same host only. */
function pathOf(link: string): string {
  const url = new URL(link, "https://same.host");
  return `${url.pathname}${url.search}`;
}

/** Tokens of one registry, by what was asked for, and how it is asked. */
class Session {
  readonly #base: URL;
  readonly #ca: string | undefined;
  readonly #trust: TrustedBy;
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
    // In clear to this machine itself only, and not where a CA was given for it.
    this.#base = new URL(`${isLoopback(hostname) && ca === undefined ? "http" : "https"}://${host}`);
    this.#ca = ca === undefined ? undefined : [...rootCertificates, ca].join("\n");
    this.#clock = access.clock ?? systemClock;
    this.#request = access.request ?? httpBytes;
  }

  /** An answer of 2xx or 404. */
  async ask(method: string, path: string, maxBytes: number, signal?: AbortSignal): Promise<HttpBytes> {
    const url = new URL(path, this.#base);
    const scope = path.split("/").slice(0, -2).join("/");
    const send = (): Promise<HttpBytes> => this.#follow(method, url, maxBytes, this.#authorizations.get(scope), signal);
    let answer = await send();
    if (answer.status === 401) {
      const challenge = parseChallenge(answer.headers["www-authenticate"]);
      this.#authorizations.set(scope, await this.#authorize(challenge, url, signal));
      answer = await send();
    }
    if ((answer.status >= 200 && answer.status < 300) || answer.status === 404) return answer;
    throw this.#refusal(answer.status, url);
  }

  async #authorize(challenge: Challenge | null, url: URL, signal?: AbortSignal): Promise<string> {
    const { user, password } = this.access;
    const basic = user === "" && password === "" ? null : basicAuthorization(user, password);
    if (challenge === null) throw this.#refusal(401, url);
    if (challenge.scheme === "basic") {
      if (basic === null) throw this.#refusal(401, url);
      return basic;
    }
    const place = tokenUrl(challenge);
    if (place === null) {
      throw new SiteError(
        "unauthorized",
        `${this.host} sends to a place for tokens that is not https; nothing was sent there.`,
      );
    }
    const answer = await this.#patiently("GET", place, limits.token, basic ?? undefined, signal);
    if (answer.status !== 200) throw this.#refusal(answer.status === 404 ? 401 : answer.status, place);
    const { token, access_token: accessToken } = (jsonOf(answer.body) ?? {}) as Partial<Record<string, unknown>>;
    const found = token ?? accessToken;
    if (typeof found !== "string") throw new SiteError("malformed", `${shown(place)} answered no token.`);
    return `Bearer ${found}`;
  }

  /** Follows redirects; another host is never shown the authorization. */
  async #follow(
    method: string,
    first: URL,
    maxBytes: number,
    authorization: string | undefined,
    signal?: AbortSignal,
  ): Promise<HttpBytes> {
    let url = first;
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const mine = url.origin === first.origin ? authorization : undefined;
      const answer = await this.#patiently(method, url, maxBytes, mine, signal);
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
      url = new URL(location, url);
      if (url.protocol !== "https:" && first.protocol === "https:") {
        throw new SiteError("malformed", `${this.host} redirects to a place that is not https.`);
      }
    }
    throw new SiteError("malformed", `${shown(first)} redirects more than ${mostRedirects} times.`);
  }

  /** Tries again what a passing fault cut, refused or failed; the last fault is thrown. */
  async #patiently(
    method: string,
    url: URL,
    maxBytes: number,
    authorization: string | undefined,
    signal?: AbortSignal,
  ): Promise<HttpBytes> {
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt >= attempts;
      let asked = 0;
      try {
        const answer = await this.#once(method, url, maxBytes, authorization, signal);
        if ((answer.status !== 429 && answer.status < 500) || last) return answer;
        asked = Number(answer.headers["retry-after"] ?? 0) || 0;
        if (asked > longestPauseSeconds) return answer;
      } catch (thrown) {
        signal?.throwIfAborted();
        if (last || !(thrown instanceof SiteError) || thrown.kind !== "network") throw thrown;
      }
      await this.#clock.sleep(Math.max(asked, 0.5 * 2 ** (attempt - 1)), signal);
    }
  }

  #once(
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
        throw new SiteError("network", `${shown(url)} did not answer within ${requestLimitMs / 1000} s.`);
      throw distrust(thrown, url.host, this.#trust) ?? thrown;
    });
  }

  #refusal(status: number, url: URL): SiteError {
    const who = this.access.user === "" ? "without a user" : `as user "${this.access.user}"`;
    if (status === 401) return new SiteError("unauthorized", `${shown(url)} does not accept the credentials (${who}).`);
    if (status === 403) return new SiteError("forbidden", `${shown(url)} may not be read ${who} (403).`);
    if (status === 429) return new SiteError("throttled", `${shown(url)} answers: too many requests (429).`);
    return new SiteError(status >= 500 ? "server" : "malformed", `${shown(url)} answered ${status}.`);
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
