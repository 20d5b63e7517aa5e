import { SiteError } from "../../base/errors/site-error.js";
import { readCaFile } from "../../base/net/ca-file.js";
import { exchange, type ExchangeAnswer, type ExchangePolicy, type ExchangeRequest } from "../../base/net/exchange.js";
import { formatUrl, type HttpBytes, type HttpRequest } from "../../base/net/http.js";
import { type Clock, systemClock } from "../../base/time/clock.js";
import { createTokenUrl, type Demand, formatBasicAuthorization, isLoopback, parseDemand } from "./challenge.js";
import { findRegistryCredentials, type RegistryCredentials } from "./credentials.js";
import { createDistrustError, type TrustSource } from "./distrust.js";
import { manifestTypes, parseJsonObject } from "./manifests.js";

/** How a registry is reached. */
export interface RegistryAccess {
  /** Empty: that of Helm's or Docker's credential files for the registry's host; anonymous where they name none. */
  user: string;
  /** Secret: password or token. */
  password: string;
  /** PEM file of a private CA, trusted in addition to the system's; null: only the system's. */
  caFile: string | null;
  /** PEM text of a CA that does not come from a file. */
  ca?: string | undefined;
  /** The setting that names `caFile`, for errors. Default: palette:charts.caFile. */
  caSetting?: string;
  /** Clock for the pauses between retries. Default: the machine's. */
  clock?: Clock;
  /** Names credential files and proxies. Default: the process's own. */
  environment?: NodeJS.ProcessEnv;
  /** Sends a request. Default: a real one. */
  request?: (request: HttpRequest) => Promise<HttpBytes>;
}

/** One request to a repository of the registry. */
interface RegistryRequest {
  method: "GET" | "HEAD";
  /** With its query. */
  path: string;
  repository: string;
  maxBytes: number;
  signal?: AbortSignal | undefined;
}

const tokenBytes = 1_000_000;
const mostRedirects = 5;
const timeoutSeconds = 120;
const clientId = "palette-upgrade";

/** Sends requests to one registry and keeps its tokens by repository. */
export class RegistrySession {
  readonly #base: URL;
  readonly #ca: string | undefined;
  readonly #trust: TrustSource;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #authorizations = new Map<string, string>();
  #credentials: Promise<RegistryCredentials | null> | undefined;

  /** @throws InvalidInputError `CA_FILE_UNREADABLE`. */
  constructor(
    readonly host: string,
    private readonly access: RegistryAccess,
  ) {
    const hostname = host.replace(/:\d+$/, "");
    this.#trust = { caFile: access.caFile, ca: access.ca, setting: access.caSetting ?? "palette:charts.caFile" };
    this.#ca = readCaFile(access.caFile, this.#trust.setting) ?? access.ca;
    // Plain HTTP only to this machine itself, and only where no CA is configured.
    const scheme = isLoopback(hostname) && this.#ca === undefined ? "http" : "https";
    this.#base = new URL(`${scheme}://${host === "docker.io" ? "registry-1.docker.io" : host}`);
    this.#environment = access.environment ?? process.env;
  }

  /**
   * Sends a request, authorizing where the registry itself asks for it; resolves for 2xx and 404, and for HEAD also for
   * 400 and 405, with which proxies refuse HEAD. Who answered is not proved by that.
   */
  async send(request: RegistryRequest): Promise<ExchangeAnswer> {
    let answer = await this.#sendWithToken(request);
    if (answer.status === 401) {
      if (answer.leftOrigin) throw this.#createForeignChallengeError(answer.url);
      const authorization = await this.#authorize(parseDemand(answer.headers["www-authenticate"]), answer.url, request);
      this.#authorizations.set(request.repository, authorization);
      answer = await this.#sendWithToken(request);
    }
    const { status } = answer;
    const isHeadRefused = request.method === "HEAD" && (status === 400 || status === 405);
    if ((status >= 200 && status < 300) || status === 404 || isHeadRefused) return answer;
    throw await this.#createRefusal(status, answer.url);
  }

  #sendWithToken({ method, path, repository, maxBytes, signal }: RegistryRequest): Promise<ExchangeAnswer> {
    const authorization = this.#authorizations.get(repository);
    const url = new URL(path, this.#base).href;
    const headers = { accept: manifestTypes.join(", ") };
    return this.#exchange(
      { url, method, headers, maxBytes, credentials: authorization === undefined ? {} : { authorization } },
      signal,
    );
  }

  async #authorize(demand: Demand | null, asked: URL, { repository, signal }: RegistryRequest): Promise<string> {
    const credentials = await this.#getCredentials();
    if (demand?.scheme === "bearer") return this.#fetchToken(demand, { asked, repository, credentials, signal });
    if (demand === null || credentials === null || credentials.identityToken !== null)
      throw await this.#createRefusal(401, asked);
    return formatBasicAuthorization(credentials.user, credentials.password);
  }

  async #fetchToken(
    demand: Extract<Demand, { scheme: "bearer" }>,
    request: Pick<RegistryRequest, "repository" | "signal"> & { asked: URL; credentials: RegistryCredentials | null },
  ): Promise<string> {
    const endpoint = createTokenUrl(demand, request.asked);
    if (endpoint === null)
      throw new SiteError(
        "unauthorized",
        `${this.host} sends to a place for tokens that is not https; nothing was sent there.`,
      );
    const scope = demand.scope ?? `repository:${request.repository}:pull`;
    const fields = { ...(demand.service === null ? {} : { service: demand.service }), scope };
    const answer = await this.#exchange(createTokenRequest(endpoint, fields, request.credentials), request.signal);
    if (answer.status === 404) throw await this.#createRefusal(401, endpoint);
    if (answer.status !== 200) throw await this.#createRefusal(answer.status, endpoint);
    const found = parseJsonObject(answer.body);
    const token = [found?.["token"], found?.["access_token"]].find((text) => typeof text === "string" && text !== "");
    if (typeof token !== "string") throw new SiteError("malformed", `${formatUrl(endpoint)} answered no token.`);
    return `Bearer ${token}`;
  }

  #exchange(request: ExchangeRequest, signal: AbortSignal | undefined): Promise<ExchangeAnswer> {
    const policy: ExchangePolicy = {
      clock: this.access.clock ?? systemClock,
      timeoutSeconds,
      redirects: mostRedirects,
      send: this.access.request,
      signal,
    };
    return exchange({ ...request, ca: this.#ca, environment: this.#environment }, policy).catch((thrown: unknown) => {
      throw createDistrustError(thrown, new URL(request.url).host, this.#trust) ?? thrown;
    });
  }

  #getCredentials(): Promise<RegistryCredentials | null> {
    const { user, password } = this.access;
    this.#credentials ??=
      user === "" && password === ""
        ? findRegistryCredentials(this.host, this.#environment)
        : Promise.resolve({ user, password, identityToken: null, source: null });
    return this.#credentials;
  }

  #createForeignChallengeError(url: URL): SiteError {
    return new SiteError(
      "unauthorized",
      `${this.host} redirects to ${url.origin}, which asks for credentials; those of ${this.host} are sent to no other server.`,
    );
  }

  async #createRefusal(status: number, url: URL): Promise<SiteError> {
    const who = await this.#describeUser();
    if (status === 401)
      return new SiteError("unauthorized", `${formatUrl(url)} does not accept the credentials (${who}).`);
    if (status === 403) return new SiteError("forbidden", `${formatUrl(url)} may not be read ${who} (403).`);
    if (status === 429) return new SiteError("throttled", `${formatUrl(url)} answers: too many requests (429).`);
    return new SiteError(status >= 500 ? "server" : "malformed", `${formatUrl(url)} answered ${status}.`);
  }

  async #describeUser(): Promise<string> {
    const credentials = await this.#getCredentials();
    if (credentials === null || (credentials.user === "" && credentials.source === null)) return "without a user";
    const name = credentials.identityToken === null ? `as user "${credentials.user}"` : "with an identity token";
    return credentials.source === null ? name : `${name} of ${credentials.source}`;
  }
}

/** Creates the request for a token: with user and password, or with an identity token by OAuth 2. */
function createTokenRequest(
  endpoint: URL,
  fields: Record<string, string>,
  credentials: RegistryCredentials | null,
): ExchangeRequest {
  if (credentials !== null && credentials.identityToken !== null) {
    const form = {
      ...fields,
      grant_type: "refresh_token",
      client_id: clientId,
      refresh_token: credentials.identityToken,
    };
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return {
      url: endpoint.href,
      method: "POST",
      headers,
      body: String(new URLSearchParams(form)),
      maxBytes: tokenBytes,
    };
  }
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  const authorization = credentials === null ? null : formatBasicAuthorization(credentials.user, credentials.password);
  return { url: url.href, maxBytes: tokenBytes, credentials: authorization === null ? {} : { authorization } };
}
