import {
  type AppsV1Api,
  type CoreV1Api,
  type CustomObjectsApi,
  type KubeConfig,
  type PolicyV1Api,
  type RequestContext,
  type ResponseContext,
  type VersionApi,
} from "@kubernetes/client-node";
import { SiteError } from "../../base/errors/site-error.js";
import { getErrorMessage, InvalidInputError } from "../../base/errors/errors.js";
import { type HttpAnswer, type HttpRequest, sendHttpRequest } from "../../base/net/http.js";
import { formatProxy } from "../../base/net/proxy.js";
import { type ClusterAccess } from "./access.js";
import { createAuthenticator } from "./authenticator.js";
import { type KubeconfigLocation } from "./kubeconfig.js";
import { type ApiOperation, toKubernetesError } from "./errors.js";

/** The generated clients of one cluster, loaded on first use: loading the library takes a quarter of a second. */
export interface KubernetesConnection {
  config: KubeConfig;
  /** Origin of the API server, and the proxy that leads to it, for messages: without credentials. */
  server: string;
  core: CoreV1Api;
  /** Any group's objects, untyped. */
  custom: CustomObjectsApi;
  apps: AppsV1Api;
  policy: PolicyV1Api;
  version: VersionApi;
  /** Has the credentials renewed after a 401; false where they cannot be. */
  renew: Renew;
}

type Renew = (authorization: string | undefined) => Promise<boolean>;

/**
 * Opens the clients of a kubeconfig; each of their requests is limited to `timeoutSeconds`.
 * @throws InvalidInputError `KUBECONFIG_UNREADABLE` where the library rejects the file's content.
 */
export async function openConnection(
  location: KubeconfigLocation,
  timeoutSeconds: number,
  access: ClusterAccess | null,
): Promise<KubernetesConnection> {
  const library = await import("./library.js");
  try {
    const config = new library.KubeConfig();
    const renew = loadConfig(config, access);
    const cluster = config.getCurrentCluster();
    const server = `${parseOrigin(cluster?.server)}${describeProxy(access)}`;
    const configuration = library.createConfiguration({
      baseServer: new library.ServerConfiguration(cluster!.server, {}),
      authMethods: { default: config },
      httpApi: library.wrapHttpLibrary({
        send: (request) => send(library.ResponseContext, { request, config, renew, timeoutSeconds }),
      }),
    });
    return {
      config,
      server,
      core: new library.CoreV1Api(configuration),
      custom: new library.CustomObjectsApi(configuration),
      apps: new library.AppsV1Api(configuration),
      policy: new library.PolicyV1Api(configuration),
      version: new library.VersionApi(configuration),
      renew,
    };
  } catch (cause) {
    const where = location.files.length === 0 ? "the pod's service account" : location.files.join(", ");
    throw new InvalidInputError(
      "KUBECONFIG_UNREADABLE",
      `The kubeconfig ${where} cannot be used: ${getErrorMessage(cause)}.`,
      {
        next: "Check it with kubectl cluster-info.",
        cause,
      },
    );
  }
}

/** Makes one API call. @throws SiteError that names the operation; InvalidInputError for what no waiting mends. */
export async function callKubernetes<T>(operation: ApiOperation, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw toKubernetesError(thrown, operation);
  }
}

interface ListPage<T> {
  items: T[];
  metadata?: { _continue?: string };
}

/** Fetches all pages of a list. */
export async function listAll<T>(fetchPage: (from: string | undefined) => Promise<ListPage<T>>): Promise<T[]> {
  const items: T[] = [];
  let continueToken: string | undefined;
  do {
    const next: ListPage<T> = await fetchPage(continueToken);
    items.push(...next.items);
    continueToken = next.metadata?._continue;
  } while (continueToken !== undefined && continueToken !== "");
  return items;
}

/** Loads the access into a configuration; returns what renews its credentials. */
function loadConfig(config: KubeConfig, access: ClusterAccess | null): Renew {
  if (access === null) {
    config.loadFromCluster();
    return () => Promise.resolve(false);
  }
  const authenticator = createAuthenticator(access);
  config.loadFromClusterAndUser(access.cluster, access.user);
  config.addAuthenticator(authenticator);
  return (authorization) => authenticator.renew(authorization);
}

function describeProxy(access: ClusterAccess | null): string {
  const proxy = access?.cluster.proxyUrl;
  return proxy === undefined ? "" : ` (through the proxy ${formatProxy(new URL(proxy))})`;
}

function parseOrigin(server: string | undefined): string {
  if (server === undefined || !URL.canParse(server))
    throw new Error("its context names no cluster with a valid server address");
  return new URL(server).origin;
}

const largestAnswerBytes = 256_000_000;

interface LibraryRequest {
  request: RequestContext;
  config: KubeConfig;
  renew: Renew;
  timeoutSeconds: number;
}

/**
 * Sends a request for the library, whose own transport waits for ever when a connection is cut in the middle of an
 * answer. After a 401 it is sent once more, with credentials that the plugin or the token file was asked for again.
 */
async function send(
  Response: typeof ResponseContext,
  { request, config, renew, timeoutSeconds }: LibraryRequest,
): Promise<ResponseContext> {
  let answer = await fetchAnswer(toHttpRequest(request, timeoutSeconds));
  if (answer.status === 401 && (await renew(request.getHeaders()["Authorization"]))) {
    await config.applySecurityAuthentication(request);
    answer = await fetchAnswer(toHttpRequest(request, timeoutSeconds));
  }
  const { headers: answered, body, status } = answer;
  const headers = Object.fromEntries(Object.entries(answered).map(([name, value]) => [name, String(value)]));
  return new Response(status, headers, {
    text: () => Promise.resolve(body),
    binary: () => Promise.resolve(Buffer.from(body, "utf8")),
  });
}

function toHttpRequest(request: RequestContext, timeoutSeconds: number): HttpRequest {
  const body = request.getBody();
  return {
    url: request.getUrl(),
    method: request.getHttpMethod().toString(),
    headers: request.getHeaders(),
    ...(typeof body === "string" ? { body } : {}),
    agent: request.getAgent(),
    maxBytes: largestAnswerBytes,
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
  };
}

/**
 * Sends a request; throws the bare cause of a failed connection, because the caller adds the operation to the message.
 */
async function fetchAnswer(request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await sendHttpRequest(request);
  } catch (thrown) {
    throw thrown instanceof SiteError && thrown.kind === "network" ? thrown.cause : thrown;
  }
}
