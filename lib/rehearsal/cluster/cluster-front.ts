import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { type Duplex } from "node:stream";
import { ExecServer } from "../site/exec-socket.js";
import { ingressRoute } from "../site/ingress-routes.js";
import { paletteRoute } from "../site/palette-routes.js";
import { answered, type RouteRequest, type RouteResult } from "../site/routes.js";
import { readRequest, sendAnswer } from "../site/server.js";
import { sleepSeconds } from "../site/control-routes.js";
import { managementPath, type GatewayModel } from "./gateway-model.js";
import { RequestCounter } from "./request-count.js";
import { type Upstream } from "./upstream.js";

export interface FrontOptions {
  upstream: Upstream;
  gateways: GatewayModel;
  /** What the cluster is said to be at; null: what it says itself. */
  kubernetesVersion: string | null;
  /** MongoDB's members are answered for by the simulation, as their stand-ins run none. */
  simulateMongo: boolean;
}

/**
 * The one address of a rehearsal on a real cluster: its API, passed on with the kubeconfig's credentials; beside it a
 * Palette API with gateways, and what no stand-in can be. Loopback only, and for who knows the token: in a header, or
 * before the path, as Helm and kubectl send no header over plain HTTP.
 */
export class ClusterFront {
  readonly token = randomBytes(24).toString("hex");
  readonly requests = new RequestCounter();
  readonly #execs = new ExecServer();
  readonly #http: Server;

  constructor(private readonly options: FrontOptions) {
    this.#http = createServer((request, response) => void this.#handle(request, response));
    this.#http.on("upgrade", (request, socket: Duplex, head) => void this.#upgrade(request, socket, head));
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
      const known = this.#admit(request);
      const first = (request.url ?? "/").split(/[/?]/)[1];
      if (first === "v1") return sendAnswer(response, await this.#palette(await readRequest(request)));
      if (first === "rehearsal") return await this.#control(await readRequest(request), response);
      if (!known) return sendAnswer(response, unauthorized.answer);
      this.requests.count(request.method ?? "GET", request.url ?? "/", request.headers["user-agent"] ?? "");
      if (first === "version" && this.options.kubernetesVersion !== null) {
        return sendAnswer(response, versionAnswer(this.options.kubernetesVersion).answer);
      }
      response.once("finish", () => this.#noticeHop(request));
      await this.options.upstream.forward(request, response);
    } catch (thrown) {
      if (!response.headersSent) sendAnswer(response, { status: 502, body: String(thrown) });
    }
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => undefined);
    if (!this.#admit(request)) return void socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n");
    this.requests.count("GET", request.url ?? "/", request.headers["user-agent"] ?? "");
    const isMongo = /\/namespaces\/hubble-system\/pods\/mongo-\d+\/exec/.test(request.url ?? "");
    if (!isMongo || !this.options.simulateMongo) return this.options.upstream.upgrade(request, socket, head);
    const { model, now } = this.options.gateways.quiet();
    this.#execs.upgrade(model, now, request, socket, head, () => undefined);
  }

  /** The gateways' time runs from the moment a hop is made, not from when somebody first asks for them. */
  #noticeHop({ method = "GET", url = "" }: IncomingMessage): void {
    if (method === "GET" || !url.startsWith(managementPath)) return;
    this.options.gateways.current().catch(() => undefined);
  }

  async #palette(request: RouteRequest): Promise<RouteResult["answer"]> {
    const { gateways } = this.options;
    const { model, now } = await gateways.current();
    const { answer, model: changed } = paletteRoute(model, now, request);
    if (changed !== undefined) gateways.keep(changed);
    return { ...answer, body: gateways.time.asReal(answer.body) };
  }

  async #control(request: RouteRequest, response: ServerResponse): Promise<void> {
    const what = request.parts[1];
    if (what === "sleep") {
      const seconds = sleepSeconds(request.body) ?? 0;
      const timer = setTimeout(() => sendAnswer(response, clockAnswer().answer), seconds * 1000);
      response.once("close", () => clearTimeout(timer));
      return;
    }
    if (what === "clock") return sendAnswer(response, clockAnswer().answer);
    const { model, now } = await this.options.gateways.current();
    if (what === "ingress") return sendAnswer(response, ingressRoute(model, now, request).answer);
    sendAnswer(response, answered({ message: "there is no such control" }, 404).answer);
  }

  /** Whether a request may pass; a token before its path is taken away. */
  #admit(request: IncomingMessage): boolean {
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

const unauthorized = answered(
  { kind: "Status", apiVersion: "v1", status: "Failure", reason: "Unauthorized", message: "Unauthorized", code: 401 },
  401,
);

/** A rehearsal on a real cluster keeps the real time. */
function clockAnswer(): RouteResult {
  return answered({ now: new Date().toISOString() });
}

function versionAnswer(gitVersion: string): RouteResult {
  const [major = "", minor = ""] = gitVersion.replace(/^v/, "").split(".");
  return answered({ major, minor, gitVersion, platform: "linux/amd64" });
}
