import http from "node:http";
import https from "node:https";
import { type Duplex } from "node:stream";
import { type KubeConfig } from "@kubernetes/client-node";
import { getErrorMessage } from "../../../../lib/base/errors/errors.js";

/** Credentials are read again after this time, as those of a plugin expire. */
const credentialsLastMs = 60_000;

/** The real API server behind the proxy, accessed with the kubeconfig's credentials. */
export class Upstream {
  readonly #agent: http.Agent;
  readonly #url: URL;
  #options: { at: number; value: https.RequestOptions } | null = null;

  constructor(private readonly config: KubeConfig) {
    this.#url = new URL(config.getCurrentCluster()!.server);
    this.#agent = this.#url.protocol === "https:" ? new https.Agent({ keepAlive: true }) : new http.Agent();
  }

  /** Forwards a request and streams its answer back. */
  async forward(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const outgoing = await this.#createRequest(request, this.#agent);
    response.on("close", () => outgoing.destroy());
    outgoing.on("error", (error) => refuse(response, error));
    outgoing.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    request.pipe(outgoing);
  }

  /** Forwards a WebSocket connection (exec). */
  async forwardUpgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const outgoing = await this.#createRequest(request, false);
    socket.on("error", () => outgoing.destroy());
    outgoing.on("error", () => socket.destroy());
    outgoing.on("upgrade", (answer, upstream, first) => {
      socket.write(formatResponseHead(answer));
      if (first.length > 0) socket.write(first);
      if (head.length > 0) upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    });
    outgoing.on("response", (answer) => {
      socket.write(formatResponseHead(answer));
      answer.pipe(socket);
    });
    outgoing.end();
  }

  /** Reads one JSON document from the cluster; null where it does not exist. @throws Error for any other status. */
  async readJson<T>(path: string): Promise<T | null> {
    const options = await this.#readCredentials();
    const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const outgoing = this.#getHttpModule().request(
        {
          ...options,
          ...this.#toRequestTarget(path),
          headers: { ...getHeaders(options), accept: "application/json" },
          agent: this.#agent,
        },
        (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (text: string) => (body += text));
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body })).on("error", reject);
        },
      );
      outgoing.on("error", reject).end();
    });
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw new Error(`${path}: the cluster answered ${answer.status}`);
    return JSON.parse(answer.body) as T;
  }

  close(): void {
    this.#agent.destroy();
  }

  async #createRequest(request: http.IncomingMessage, agent: http.Agent | false): Promise<http.ClientRequest> {
    const options = await this.#readCredentials();
    // The proxy's own token is not forwarded; the cluster's credentials replace it.
    const passed = Object.entries(request.headers).filter(([name]) => name !== "authorization");
    const headers = { ...Object.fromEntries(passed), ...getHeaders(options), host: this.#url.host };
    return this.#getHttpModule().request({
      ...options,
      ...this.#toRequestTarget(request.url ?? "/"),
      method: request.method,
      headers,
      agent,
    });
  }

  #getHttpModule(): typeof http | typeof https {
    return this.#url.protocol === "https:" ? https : http;
  }

  #toRequestTarget(path: string): https.RequestOptions {
    const prefix = this.#url.pathname.replace(/\/$/, "");
    return { hostname: this.#url.hostname, port: this.#url.port || undefined, path: prefix + path };
  }

  async #readCredentials(): Promise<https.RequestOptions> {
    if (this.#options === null || Date.now() - this.#options.at > credentialsLastMs) {
      const value: https.RequestOptions = {};
      await this.config.applyToHTTPSOptions(value);
      this.#options = { at: Date.now(), value };
    }
    return this.#options.value;
  }
}

function getHeaders(options: https.RequestOptions): http.OutgoingHttpHeaders {
  return (options.headers ?? {}) as http.OutgoingHttpHeaders;
}

function formatResponseHead(answer: http.IncomingMessage): string {
  const lines = [`HTTP/1.1 ${answer.statusCode ?? 502} ${answer.statusMessage ?? ""}`];
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2) {
    lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function refuse(response: http.ServerResponse, error: Error): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(502, { "content-type": "text/plain" });
  response.end(`the cluster could not be reached: ${getErrorMessage(error)}`);
}
