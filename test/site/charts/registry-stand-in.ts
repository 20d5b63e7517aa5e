import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { ServerCertificate } from "../../support/certificates.js";

/** Legend: a registry that speaks as much of the OCI distribution API as is asked of it, with faults to order. */
export interface RegistryStandIn {
  /** `127.0.0.1:port`. */
  host: string;
  /** Method and path of every request, tokens' too. */
  requests: string[];
  /** Authorization headers by the origin that saw them: `registry`, `storage`, `token`. */
  seen: { where: string; authorization: string | undefined }[];
  /** Statuses answered, in order, to the next requests to the registry. */
  faults: number[];
  push(repository: string, tag: string, chart: Buffer): void;
  /** Blobs are handed out with another content. */
  corrupt: boolean;
  close(): Promise<void>;
}

interface Options {
  /** `bearer`: by token for this user and password; `basic`; `none`. */
  auth?: "bearer" | "basic" | "none";
  user?: string;
  password?: string;
  tagsPerPage?: number;
  /** Registry, storage and tokens are served over TLS with it. */
  tls?: ServerCertificate;
}

const layerType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const digestOf = (bytes: Buffer): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

export async function registryStandIn(options: Options = {}): Promise<RegistryStandIn> {
  const { auth = "none", user = "robot", password = "pl4nted-password", tagsPerPage = 2, tls } = options;
  const manifests = new Map<string, Map<string, Buffer>>();
  const blobs = new Map<string, Buffer>();
  const basic = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const own: Pick<RegistryStandIn, "requests" | "seen" | "faults" | "corrupt"> = {
    requests: [],
    seen: [],
    faults: [],
    corrupt: false,
  };
  const note = (where: string, request: IncomingMessage): void => {
    own.requests.push(`${request.method} ${request.url}`);
    own.seen.push({ where, authorization: request.headers.authorization });
  };
  const storage = await listen(tls, (request, response) => {
    note("storage", request);
    const blob = blobs.get(request.url!.slice(1))!;
    response.end(own.corrupt ? Buffer.concat([blob, Buffer.from("x")]) : blob);
  });
  const token = await listen(tls, (request, response) => {
    note("token", request);
    if (request.headers.authorization !== basic) return void response.writeHead(401).end();
    response.end(JSON.stringify({ token: `token-for-${new URL(request.url!, "http://t").searchParams.get("scope")}` }));
  });
  const registry = await listen(tls, (request, response) => {
    note("registry", request);
    const fault = own.faults.shift();
    if (fault !== undefined) return void response.writeHead(fault, fault === 429 ? { "retry-after": "2" } : {}).end();
    const url = new URL(request.url!, "http://r");
    const [, repository = "", kind, reference = ""] =
      /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^/]+)$/.exec(url.pathname) ?? [];
    const scope = `repository:${repository}:pull`;
    const challenge =
      auth === "basic" ? 'Basic realm="r"' : `Bearer realm="${token.url}/token",service="r",scope="${scope}"`;
    const expected = auth === "none" ? undefined : auth === "basic" ? basic : `Bearer token-for-${scope}`;
    if (expected !== undefined && request.headers.authorization !== expected)
      return void response.writeHead(401, { "www-authenticate": challenge }).end();
    answer(response, { kind: kind ?? "", repository, reference, url });
  });

  function answer(
    response: ServerResponse,
    { kind, repository, reference, url }: { kind: string; repository: string; reference: string; url: URL },
  ): void {
    const tags = manifests.get(repository);
    if (tags === undefined) return notFound(response, "NAME_UNKNOWN");
    if (kind === "blobs") return void response.writeHead(307, { location: `${storage.url}/${reference}` }).end();
    if (kind === "tags") return listTags(response, repository, [...tags.keys()], url);
    const manifest = tags.get(reference);
    if (manifest === undefined) return notFound(response, "MANIFEST_UNKNOWN");
    const type = "application/vnd.oci.image.manifest.v1+json";
    response.writeHead(200, { "content-type": type, "docker-content-digest": digestOf(manifest) }).end(manifest);
  }

  function listTags(response: ServerResponse, repository: string, tags: string[], url: URL): void {
    const start = Number(url.searchParams.get("last") ?? 0);
    const page = tags.slice(start, start + tagsPerPage);
    const next = start + tagsPerPage;
    if (next < tags.length) response.setHeader("link", `</v2/${repository}/tags/list?last=${next}>; rel="next"`);
    response.end(JSON.stringify({ name: repository, tags: page }));
  }

  return Object.assign(own, {
    host: new URL(registry.url).host,
    push(repository: string, tag: string, chart: Buffer) {
      const digest = digestOf(chart);
      blobs.set(digest, chart);
      const layers = [{ mediaType: layerType, digest, size: chart.length }];
      const tags = manifests.get(repository) ?? new Map<string, Buffer>();
      manifests.set(repository, tags.set(tag, Buffer.from(JSON.stringify({ schemaVersion: 2, layers }))));
    },
    close: async () => {
      await Promise.all([registry, token, storage].map(({ close }) => close()));
    },
  });
}

function notFound(response: ServerResponse, code: string): void {
  response.writeHead(404, { "content-type": "application/json" }).end(JSON.stringify({ errors: [{ code }] }));
}

async function listen(
  tls: ServerCertificate | undefined,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = tls === undefined ? createServer(handler) : createTlsServer(tls, handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
