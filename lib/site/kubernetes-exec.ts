import { Writable } from "node:stream";
import type { Exec as ExecClass, KubeConfig, V1Status } from "@kubernetes/client-node";
import type { ClientOptions, WebSocket } from "ws";
import { abortReason } from "./http.js";
import { answeredError, kubernetesError, statusMessage, type Asked } from "./kubernetes-errors.js";
import { SiteError, type ExecResult } from "./types.js";

export interface ExecRequest {
  namespace: string;
  pod: string;
  container: string;
  command: readonly string[];
  timeoutSeconds: number;
  signal?: AbortSignal | undefined;
  stdin?: string | undefined;
}

/** Newest first, as the API server prefers them. */
const protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const largestOutputBytes = 16_000_000;

/**
 * Runs one command over the API's WebSocket. The remote process is not ended with the connection: bound it in its own
 * command. @throws SiteError; the signal's reason when aborted.
 */
export async function execInPod(config: KubeConfig, server: string, request: ExecRequest): Promise<ExecResult> {
  const { Exec } = await import("./kubernetes-library.js");
  const asked: Asked = {
    server,
    verb: "create",
    resource: "pods/exec",
    namespace: request.namespace,
    name: request.pod,
  };
  const connection = new ExecConnection(config, asked, request);
  try {
    return await connection.run(Exec);
  } catch (thrown) {
    if (request.signal?.aborted) throw abortReason(request.signal);
    throw kubernetesError(thrown, asked);
  } finally {
    connection.end();
  }
}

/** One exec: the socket, its limits, and what came out of it. */
class ExecConnection {
  readonly #stdout = new Collected(() => this.#fail(this.#tooMuch()));
  readonly #stderr = new Collected(() => this.#fail(this.#tooMuch()));
  readonly #ended: Promise<never>;
  #socket: WebSocket | null = null;
  #fail: (reason: Error) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = (): void => this.#fail(abortReason(this.request.signal!));

  constructor(
    private readonly config: KubeConfig,
    private readonly asked: Asked,
    private readonly request: ExecRequest,
  ) {
    this.#ended = new Promise((_resolve, reject) => (this.#fail = reject));
    this.#ended.catch(() => undefined);
  }

  async run(Exec: typeof ExecClass): Promise<ExecResult> {
    const { request } = this;
    request.signal?.throwIfAborted();
    request.signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#timer = setTimeout(() => this.#fail(this.#tooLong()), request.timeoutSeconds * 1000);
    const exec = new Exec(this.config, { connect: (path, _text, binary) => this.#connect(path, binary) });
    const status = new Promise<V1Status>((resolve, reject) => {
      exec
        .exec(
          request.namespace,
          request.pod,
          request.container,
          [...request.command],
          this.#stdout,
          this.#stderr,
          null,
          false,
          resolve,
        )
        .then((socket) => this.#sendStdin(socket))
        .catch(reject);
    });
    return this.#result(await Promise.race([status, this.#ended]));
  }

  end(): void {
    clearTimeout(this.#timer);
    this.request.signal?.removeEventListener("abort", this.#onAbort);
    this.#socket?.terminate();
  }

  async #connect(path: string, binary: ((stream: number, data: Buffer) => boolean) | null): Promise<WebSocket> {
    const { WebSocket } = await import("ws");
    const options: ClientOptions = {
      handshakeTimeout: this.request.timeoutSeconds * 1000,
      maxPayload: largestOutputBytes,
    };
    await this.config.applyToHTTPSOptions(options);
    const stdin = this.request.stdin === undefined ? "" : "&stdin=true";
    const cluster = this.config.getCurrentCluster();
    const url = `${(cluster?.server ?? "").replace(/^http/, "ws").replace(/\/$/, "")}${path.replace(/&stdin=false/, stdin)}`;
    const socket = new WebSocket(url, protocols, options);
    this.#socket = socket;
    socket.on("error", (thrown) => this.#fail(kubernetesError(thrown, this.asked)));
    socket.on("close", () => this.#fail(this.#cut()));
    socket.on("message", (data: Buffer) => {
      if (data.length > 0 && data[0] !== closeChannel) binary?.(data[0]!, data.subarray(1));
    });
    return new Promise((resolve, reject) => {
      socket.on("open", () => resolve(socket));
      socket.on("unexpected-response", (_request, response) => {
        response.setEncoding("utf8");
        let body = "";
        response.on("data", (chunk: string) => (body = (body + chunk).slice(0, 10_000)));
        response.on("end", () => reject(answeredError(response.statusCode ?? 0, statusMessage(body), this.asked)));
        response.on("error", reject);
      });
    });
  }

  #sendStdin(socket: WebSocket): void {
    if (this.request.stdin === undefined) return;
    socket.send(Buffer.concat([Buffer.from([0]), Buffer.from(this.request.stdin, "utf8")]));
    if (socket.protocol === "v5.channel.k8s.io") socket.send(Buffer.from([closeChannel, 0]));
  }

  #result(status: V1Status): ExecResult {
    const exitCode = exitCodeOf(status);
    const stderr = this.#stderr.text();
    const unexplained = status.status !== "Success" && exitCode === null;
    return {
      stdout: this.#stdout.text(),
      stderr: unexplained ? `${stderr}${status.message ?? status.reason ?? "failed"}\n` : stderr,
      exitCode,
    };
  }

  #tooLong(): SiteError {
    return new SiteError(
      "network",
      `Kubernetes at ${this.asked.server}: the command in pod ${this.request.namespace}/${this.request.pod} did not end within ${this.request.timeoutSeconds} seconds.`,
    );
  }

  #tooMuch(): SiteError {
    return new SiteError(
      "malformed",
      `Kubernetes at ${this.asked.server}: the command in pod ${this.request.namespace}/${this.request.pod} wrote more than ${largestOutputBytes} bytes.`,
    );
  }

  #cut(): SiteError {
    return new SiteError(
      "network",
      `Kubernetes at ${this.asked.server}: the connection to pod ${this.request.namespace}/${this.request.pod} ended before the command did.`,
    );
  }
}

const closeChannel = 255;

class Collected extends Writable {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(private readonly onOverflow: () => void) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#size += chunk.length;
    if (this.#size <= largestOutputBytes) this.#chunks.push(chunk);
    else this.onOverflow();
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}

/** Exit code by the status object of the API; some servers only say it in words. */
function exitCodeOf(status: V1Status): number | null {
  if (status.status === "Success") return 0;
  const cause = status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  const told = cause ?? /exit (?:code|status) (\d{1,3})/.exec(status.message ?? "")?.[1];
  return told !== undefined && /^\d{1,3}$/.test(told) ? Number(told) : null;
}
