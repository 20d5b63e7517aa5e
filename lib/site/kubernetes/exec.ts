import { type Exec as ExecClass, type KubeConfig, type V1Status } from "@kubernetes/client-node";
import { Writable } from "node:stream";
import { type ClientOptions, type WebSocket } from "ws";
import { SiteError } from "../../base/errors/site-error.js";
import { getAbortReason } from "../../base/net/http.js";
import { type ApiOperation, createStatusError, getStatusMessage, toKubernetesError } from "./errors.js";
import { type ExecResult } from "../types.js";

interface ExecRequest {
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
 * Runs one command over the API's WebSocket. The remote process does not end with the connection: the command itself
 * has to limit its run time. @throws SiteError; the signal's reason when aborted.
 */
export async function executeInPod(config: KubeConfig, server: string, request: ExecRequest): Promise<ExecResult> {
  const { Exec } = await import("./library.js");
  const operation: ApiOperation = {
    server,
    verb: "create",
    resource: "pods/exec",
    namespace: request.namespace,
    name: request.pod,
  };
  const connection = new ExecConnection(config, operation, request);
  try {
    return await connection.run(Exec);
  } catch (thrown) {
    if (request.signal?.aborted) throw getAbortReason(request.signal);
    throw toKubernetesError(thrown, operation);
  } finally {
    connection.end();
  }
}

/** One exec call: the socket, its limits and its output. */
class ExecConnection {
  readonly #stdout = new OutputBuffer(() => this.#fail(this.#createOverflowError()));
  readonly #stderr = new OutputBuffer(() => this.#fail(this.#createOverflowError()));
  readonly #failure: Promise<never>;
  #socket: WebSocket | null = null;
  #fail: (reason: Error) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #handleAbort = (): void => this.#fail(getAbortReason(this.request.signal!));

  constructor(
    private readonly config: KubeConfig,
    private readonly operation: ApiOperation,
    private readonly request: ExecRequest,
  ) {
    this.#failure = new Promise((_resolve, reject) => (this.#fail = reject));
    this.#failure.catch(() => undefined);
  }

  async run(Exec: typeof ExecClass): Promise<ExecResult> {
    const { request } = this;
    request.signal?.throwIfAborted();
    request.signal?.addEventListener("abort", this.#handleAbort, { once: true });
    this.#timer = setTimeout(() => this.#fail(this.#createTimeoutError()), request.timeoutSeconds * 1000);
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
    return this.#toResult(await Promise.race([status, this.#failure]));
  }

  end(): void {
    clearTimeout(this.#timer);
    this.request.signal?.removeEventListener("abort", this.#handleAbort);
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
    socket.on("error", (thrown) => this.#fail(toKubernetesError(thrown, this.operation)));
    socket.on("close", () => this.#fail(this.#createDisconnectedError()));
    socket.on("message", (data: Buffer) => {
      if (data.length > 0 && data[0] !== closeChannel) binary?.(data[0]!, data.subarray(1));
    });
    return new Promise((resolve, reject) => {
      socket.on("open", () => resolve(socket));
      socket.on("unexpected-response", (_request, response) => {
        response.setEncoding("utf8");
        let body = "";
        response.on("data", (chunk: string) => (body = (body + chunk).slice(0, 10_000)));
        response.on("end", () =>
          reject(createStatusError(response.statusCode ?? 0, getStatusMessage(body), this.operation)),
        );
        response.on("error", reject);
      });
    });
  }

  #sendStdin(socket: WebSocket): void {
    if (this.request.stdin === undefined) return;
    socket.send(Buffer.concat([Buffer.from([0]), Buffer.from(this.request.stdin, "utf8")]));
    if (socket.protocol === "v5.channel.k8s.io") socket.send(Buffer.from([closeChannel, 0]));
  }

  #toResult(status: V1Status): ExecResult {
    const exitCode = parseExitCode(status);
    const stderr = this.#stderr.toText();
    const unexplained = status.status !== "Success" && exitCode === null;
    return {
      stdout: this.#stdout.toText(),
      stderr: unexplained ? `${stderr}${status.message ?? status.reason ?? "failed"}\n` : stderr,
      exitCode,
    };
  }

  #createTimeoutError(): SiteError {
    return new SiteError(
      "network",
      `Kubernetes at ${this.operation.server}: the command in pod ${this.request.namespace}/${this.request.pod} did not end within ${this.request.timeoutSeconds} seconds.`,
    );
  }

  #createOverflowError(): SiteError {
    return new SiteError(
      "malformed",
      `Kubernetes at ${this.operation.server}: the command in pod ${this.request.namespace}/${this.request.pod} wrote more than ${largestOutputBytes} bytes.`,
    );
  }

  #createDisconnectedError(): SiteError {
    return new SiteError(
      "network",
      `Kubernetes at ${this.operation.server}: the connection to pod ${this.request.namespace}/${this.request.pod} ended before the command did.`,
    );
  }
}

const closeChannel = 255;

class OutputBuffer extends Writable {
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

  toText(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}

/** Parses the exit code from the API's Status object; some servers give it only in the message text. */
function parseExitCode(status: V1Status): number | null {
  if (status.status === "Success") return 0;
  const cause = status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  const code = cause ?? /exit (?:code|status) (\d{1,3})/.exec(status.message ?? "")?.[1];
  return code !== undefined && /^\d{1,3}$/.test(code) ? Number(code) : null;
}
