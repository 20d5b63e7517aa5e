import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { type Duplex } from "node:stream";
import { ExecServer } from "../site/kubernetes/exec-socket.js";
import { handleIngressRequest } from "../site/ingress-routes.js";
import { handlePaletteRequest } from "../site/palette/routes.js";
import { createAnswer, type RouteRequest, type RouteResult } from "../site/routes.js";
import { readRequest, sendAnswer } from "../site/server.js";
import { parseSleepSeconds } from "../site/control-routes.js";
import { managementPath, type GatewayModel } from "./gateway-model.js";
import { RequestCounter } from "./request-count.js";
import { type Upstream } from "./upstream.js";

interface FrontOptions {
  upstream: Upstream;
  gateways: GatewayModel;
  /** Kubernetes version to report; null: the cluster's own. */
  kubernetesVersion: string | null;
  /** The simulation answers for the MongoDB members, as the stub pods run no MongoDB. */
  simulateMongo: boolean;
}

/**
 * The single address of a rehearsal on a real cluster: it forwards the Kubernetes API with the kubeconfig's
 * credentials, and simulates the Palette API with its gateways and the rehearsal controls. It listens on loopback only
 * and requires the token: in a header, or as the first path segment, as Helm and kubectl send no header over plain
 * HTTP.
 */
export class ClusterFront {
  readonly token = randomBytes(24).toString("hex");
  readonly requests = new RequestCounter();
  readonly #execs = new ExecServer();
  readonly #http: Server;

  constructor(private readonly options: FrontOptions) {
    this.#http = createServer((request, response) => void this.#handle(request, response));
    this.#http.on("upgrade", (request, socket: Duplex, head) => void this.#handleUpgrade(request, socket, head));
  }

  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(0, "127.0.0.1", () => {
        this.#http.unref();
        resolve(`http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`);
      });
    });
  }

  stop(): Promise<void> {
    this.#execs.stop();
    this.options.upstream.close();
    return new Promise((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const isAuthorized = this.#authorize(request);
      const first = (request.url ?? "/").split(/[/?]/)[1];
      if (first === "v1") return sendAnswer(response, await this.#answerPalette(await readRequest(request)));
      if (first === "rehearsal") return await this.#answerControl(await readRequest(request), response);
      if (!isAuthorized) return sendAnswer(response, unauthorized.answer);
      this.requests.count(request.method ?? "GET", request.url ?? "/", request.headers["user-agent"] ?? "");
      if (first === "version" && this.options.kubernetesVersion !== null) {
        return sendAnswer(response, createVersionAnswer(this.options.kubernetesVersion).answer);
      }
      response.once("finish", () => this.#syncAfterHop(request));
      await this.options.upstream.forward(request, response);
    } catch (thrown) {
      if (!response.headersSent) sendAnswer(response, { status: 502, body: String(thrown) });
    }
  }

  async #handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => undefined);
    if (!this.#authorize(request)) return void socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n");
    this.requests.count("GET", request.url ?? "/", request.headers["user-agent"] ?? "");
    const isMongo = /\/namespaces\/hubble-system\/pods\/mongo-\d+\/exec/.test(request.url ?? "");
    if (!isMongo || !this.options.simulateMongo) return this.options.upstream.forwardUpgrade(request, socket, head);
    const { model, now } = this.options.gateways.getModelWithoutHops();
    this.#execs.acceptUpgrade(model, now, request, socket, head, () => undefined);
  }

  /** Updates the model as soon as a hop is made, so that the gateways' time does not start with their first request. */
  #syncAfterHop({ method = "GET", url = "" }: IncomingMessage): void {
    if (method === "GET" || !url.startsWith(managementPath)) return;
    this.options.gateways.refreshModel().catch(() => undefined);
  }

  async #answerPalette(request: RouteRequest): Promise<RouteResult["answer"]> {
    const { gateways } = this.options;
    const { model, now } = await gateways.refreshModel();
    const { answer, model: changed } = handlePaletteRequest(model, now, request);
    if (changed !== undefined) gateways.replaceModel(changed);
    return { ...answer, body: gateways.time.toRealTimes(answer.body) };
  }

  async #answerControl(request: RouteRequest, response: ServerResponse): Promise<void> {
    const controlName = request.parts[1];
    if (controlName === "sleep") {
      const seconds = parseSleepSeconds(request.body) ?? 0;
      const timer = setTimeout(() => sendAnswer(response, createClockAnswer().answer), seconds * 1000);
      response.once("close", () => clearTimeout(timer));
      return;
    }
    if (controlName === "clock") return sendAnswer(response, createClockAnswer().answer);
    const { model, now } = await this.options.gateways.refreshModel();
    if (controlName === "ingress") return sendAnswer(response, handleIngressRequest(model, now, request).answer);
    sendAnswer(response, createAnswer({ message: "there is no such control" }, 404).answer);
  }

  /** Returns whether a request is authorized; removes a token from the start of its path. */
  #authorize(request: IncomingMessage): boolean {
    const [, first = "", ...rest] = (request.url ?? "/").split("/");
    const inPath = isEqual(first, this.token);
    if (inPath) request.url = `/${rest.join("/")}`;
    return inPath || isEqual(request.headers.authorization ?? "", `Bearer ${this.token}`);
  }
}

function isEqual(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const unauthorized = createAnswer(
  { kind: "Status", apiVersion: "v1", status: "Failure", reason: "Unauthorized", message: "Unauthorized", code: 401 },
  401,
);

/** Answers with the real time: a rehearsal on a real cluster does not simulate it. */
function createClockAnswer(): RouteResult {
  return createAnswer({ now: new Date().toISOString() });
}

function createVersionAnswer(gitVersion: string): RouteResult {
  const [major = "", minor = ""] = gitVersion.replace(/^v/, "").split(".");
  return createAnswer({ major, minor, gitVersion, platform: "linux/amd64" });
}
