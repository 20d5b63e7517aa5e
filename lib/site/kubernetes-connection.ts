import type {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  PolicyV1Api,
  RequestContext,
  ResponseContext,
  VersionApi,
} from "@kubernetes/client-node";
import { InvalidInputError, messageOf } from "../errors.js";
import { httpRequest, type HttpAnswer, type HttpRequest } from "./http.js";
import type { KubeconfigPlace } from "./kubeconfig.js";
import { kubernetesError, type Asked } from "./kubernetes-errors.js";
import { SiteError } from "./types.js";

/** The generated clients of one cluster, loaded on first use: the library costs a quarter of a second. */
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
 * Opens the clients of a kubeconfig; every request of theirs ends after `timeoutSeconds`.
 * @throws InvalidInputError `KUBECONFIG_UNREADABLE` where the library refuses what the file says.
 */
export async function openConnection(place: KubeconfigPlace, timeoutSeconds: number): Promise<KubernetesConnection> {
  const library = await import("./kubernetes-library.js");
  try {
    const config = loadConfig(new library.KubeConfig(), place, () => new library.KubeConfig());
    const cluster = config.getCurrentCluster();
    const server = originOf(cluster?.server);
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
    const where = place.files.length === 0 ? "the pod's service account" : place.files.join(", ");
    throw new InvalidInputError(
      "KUBECONFIG_UNREADABLE",
      `The kubeconfig ${where} cannot be used: ${messageOf(cause)}.`,
      {
        next: "Check it with kubectl cluster-info.",
        cause,
      },
    );
  }
}

/** The answer of one call. @throws SiteError that names what was asked. */
export async function asking<T>(asked: Asked, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw kubernetesError(thrown, asked);
  }
}

interface ListPage<T> {
  items: T[];
  metadata?: { _continue?: string };
}

/** All pages of a list. */
export async function listAll<T>(page: (from: string | undefined) => Promise<ListPage<T>>): Promise<T[]> {
  const items: T[] = [];
  let from: string | undefined;
  do {
    const next: ListPage<T> = await page(from);
    items.push(...next.items);
    from = next.metadata?._continue;
  } while (from !== undefined && from !== "");
  return items;
}

function loadConfig(config: KubeConfig, place: KubeconfigPlace, another: () => KubeConfig): KubeConfig {
  if (place.files.length === 0) config.loadFromCluster();
  place.files.forEach((file, index) => {
    if (index === 0) return config.loadFromFile(file);
    const more = another();
    more.loadFromFile(file);
    config.mergeConfig(more, false);
  });
  if (place.context !== null) config.setCurrentContext(place.context);
  return config;
}

function originOf(server: string | undefined): string {
  if (server === undefined || !URL.canParse(server))
    throw new Error("its context names no cluster with a valid server address");
  return new URL(server).origin;
}

const largestAnswerBytes = 256_000_000;

/** The library's own transport waits for ever where a connection is cut in the middle of an answer. */
async function send(
  Response: typeof ResponseContext,
  request: RequestContext,
  timeoutSeconds: number,
): Promise<ResponseContext> {
  const body = request.getBody();
  const answer = await fetched({
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

/** The bare cause of a failed connection: the caller says what was asked. */
async function fetched(request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await httpRequest(request);
  } catch (thrown) {
    throw thrown instanceof SiteError && thrown.kind === "network" ? thrown.cause : thrown;
  }
}
