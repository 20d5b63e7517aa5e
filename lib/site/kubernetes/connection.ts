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
import { type ClusterAccess, resolveClusterAccess } from "./access.js";
import { createAuthenticator } from "./authenticator.js";
import { type KubeconfigLocation } from "./kubeconfig.js";
import { type ApiOperation, toKubernetesError } from "./errors.js";

/** The generated clients of one cluster, loaded on first use: loading the library takes a quarter of a second. */
export interface KubernetesConnection {
  config: KubeConfig;
  /** Origin of the API server, without credentials. */
  server: string;
  core: CoreV1Api;
  /** Any group's objects, untyped. */
  custom: CustomObjectsApi;
  apps: AppsV1Api;
  policy: PolicyV1Api;
  version: VersionApi;
}

/**
 * Opens the clients of a kubeconfig; each of their requests is limited to `timeoutSeconds`.
 * @throws InvalidInputError `KUBECONFIG_UNREADABLE` where the library rejects the file's content.
 */
export async function openConnection(
  location: KubeconfigLocation,
  timeoutSeconds: number,
  access = resolveClusterAccess(location, process.env),
): Promise<KubernetesConnection> {
  const library = await import("./library.js");
  try {
    const config = loadConfig(new library.KubeConfig(), access);
    const cluster = config.getCurrentCluster();
    const server = parseOrigin(cluster?.server);
    const configuration = library.createConfiguration({
      baseServer: new library.ServerConfiguration(cluster!.server, {}),
      authMethods: { default: config },
      httpApi: library.wrapHttpLibrary({ send: (request) => send(library.ResponseContext, request, timeoutSeconds) }),
    });
    return {
      config,
      server,
      core: new library.CoreV1Api(configuration),
      custom: new library.CustomObjectsApi(configuration),
      apps: new library.AppsV1Api(configuration),
      policy: new library.PolicyV1Api(configuration),
      version: new library.VersionApi(configuration),
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

function loadConfig(config: KubeConfig, access: ClusterAccess | null): KubeConfig {
  if (access === null) config.loadFromCluster();
  else {
    config.loadFromClusterAndUser(access.cluster, access.user);
    config.addAuthenticator(createAuthenticator(access));
  }
  return config;
}

function parseOrigin(server: string | undefined): string {
  if (server === undefined || !URL.canParse(server))
    throw new Error("its context names no cluster with a valid server address");
  return new URL(server).origin;
}

const largestAnswerBytes = 256_000_000;

/**
 * Sends a request for the library, whose own transport waits for ever when a connection is cut in the middle of an
 * answer.
 */
async function send(
  Response: typeof ResponseContext,
  request: RequestContext,
  timeoutSeconds: number,
): Promise<ResponseContext> {
  const body = request.getBody();
  const answer = await fetchAnswer({
    url: request.getUrl(),
    method: request.getHttpMethod().toString(),
    headers: request.getHeaders(),
    ...(typeof body === "string" ? { body } : {}),
    agent: request.getAgent(),
    maxBytes: largestAnswerBytes,
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
  });
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
  return new Response(answer.status, headers, {
    text: () => Promise.resolve(answer.body),
    binary: () => Promise.resolve(Buffer.from(answer.body, "utf8")),
  });
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
