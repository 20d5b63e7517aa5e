import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { rehearsalVariable, type RunningSite, type SimulatedSiteOptions } from "../types.js";
import { apiFault, slowSeconds, type ApiFault } from "./api-faults.js";
import { controlRoute, sleepSeconds } from "./control-routes.js";
import { advance, clearFaults, createModel, orderFaults } from "./create.js";
import { ExecServer } from "./exec-socket.js";
import { JumpingClock } from "./jumping-clock.js";
import { writeKubeconfig } from "./kubeconfig.js";
import { kubernetesRoute, status } from "./kubernetes-routes.js";
import type { SiteModel, SiteTime } from "./model.js";
import { failure } from "./palette-failures.js";
import { listedPcgs, paletteRoute } from "./palette-routes.js";
import type { Route, RouteAnswer, RouteRequest } from "./routes.js";
import { readState, writeState } from "./state-file.js";

const largestBody = 8_000_000;
/** Real time after which a slow answer no longer waits for its caller to sleep. */
const slowWaitsMs = 1000;

/**
 * Starts a simulated site on a free loopback port. With a state file that holds a site, that one goes on where it was;
 * its faults are then those that were ordered before. @throws InvalidInputError `SITE_STATE_UNREADABLE`, `FAULT_VERSION`.
 */
export async function startSimulatedSite(options: SimulatedSiteOptions): Promise<RunningSite> {
  const server = new SiteServer(options);
  const url = await server.listen();
  const kubeconfig = writeKubeconfig(options.directory, url);
  const model = server.model;
  return {
    url,
    kubeconfig,
    apiKeys: model.apiKeys,
    clusterUid: model.clusterUid,
    pcgs: listedPcgs(model),
    environment: { [rehearsalVariable]: `${url}/rehearsal` },
    order: (change) => Promise.resolve().then(() => server.order(change)),
    stop: () => server.stop(),
  };
}

function initialModel(options: SimulatedSiteOptions): SiteModel {
  const saved = readState(options.stateFile);
  if (saved !== null) return saved;
  const now = (options.startAt ?? new Date()).getTime();
  return orderFaults(createModel(options, now), options.faults, now);
}

/** The sockets around the model: every request sees it at the site's time, and what changes it is saved before the answer. */
class SiteServer {
  #model: SiteModel;
  readonly #clock: JumpingClock;
  readonly #execs = new ExecServer();
  readonly #http: Server;
  /** Slow answers whose time has not begun to pass. */
  readonly #slow = new Set<() => void>();

  constructor(private readonly options: SimulatedSiteOptions) {
    this.#model = initialModel(options);
    this.#clock = new JumpingClock(this.#model.now, () => this.#save());
    this.#http = createServer((request, response) => void this.#handle(request, response));
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#save();
  }

  get model(): SiteModel {
    return this.#model;
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

  order(change: Parameters<RunningSite["order"]>[0]): void {
    const now = this.#clock.now();
    this.#change(orderFaults(clearFaults(this.#model, change.clear ?? [], now), change.add ?? [], now));
  }

  stop(): Promise<void> {
    this.#save();
    this.#clock.stop();
    this.#execs.stop();
    return new Promise((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const release = this.#clock.hold();
    response.once("close", release);
    this.options.onRequest?.();
    try {
      const route = await readRequest(request);
      if (route.parts[0] === "rehearsal" && route.parts[1] === "sleep") return this.#sleep(route, response, release);
      const hit = this.#apiFault(route);
      if (hit === "api-slow") return this.#slowly(response, release, () => sendAnswer(response, this.#answer(route)));
      if (hit !== null) return disturb(hit, request, response);
      sendAnswer(response, this.#answer(route));
    } catch (thrown) {
      if (!response.headersSent) sendAnswer(response, { status: 500, body: String(thrown) });
    }
  }

  #answer(request: RouteRequest): RouteAnswer {
    const now = this.#now();
    const { answer, model } = routeOf(request)(this.#model, now, request);
    if (model !== undefined) this.#change(model);
    return answer;
  }

  #apiFault(request: RouteRequest): ApiFault | null {
    const api = apiOf(request);
    this.#now();
    const hit = api === null ? null : apiFault(this.#model, api);
    if (hit === null) return null;
    this.#change(hit.model);
    return hit.fault;
  }

  #sleep(request: RouteRequest, response: ServerResponse, release: () => void): void {
    const asked = sleepSeconds(request.body);
    if (asked === null) return sendAnswer(response, { status: 400, body: { message: "seconds is not a number" } });
    this.#later(asked, response, release, () => {
      sendAnswer(response, { status: 200, body: { now: new Date(this.#clock.now()).toISOString() } });
    });
    for (const begin of [...this.#slow]) begin();
  }

  /** Time stands by a slow answer until its caller sleeps on its own time limit: else it would never be seen as slow. */
  #slowly(response: ServerResponse, release: () => void, then: () => void): void {
    const begin = (): void => {
      clearTimeout(timer);
      if (this.#slow.delete(begin)) this.#later(slowSeconds, response, release, then);
    };
    const timer = setTimeout(begin, slowWaitsMs);
    this.#slow.add(begin);
    response.once("close", () => this.#slow.delete(begin));
  }

  /** A held request is a sleeper, not work: time may jump past it to its own wake-up. */
  #later(seconds: number, response: ServerResponse, release: () => void, then: () => void): void {
    const giveUp = this.#clock.sleep(seconds, then);
    response.once("close", giveUp);
    release();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const release = this.#clock.hold();
    socket.on("error", release);
    const now = this.#now();
    this.#execs.upgrade(this.#model, now, request, socket, head, release, (model) => this.#change(model));
  }

  #now(): SiteTime {
    const now = this.#clock.now();
    const advanced = advance(this.#model, now);
    if (advanced !== this.#model) this.#change(advanced);
    return now;
  }

  #change(model: SiteModel): void {
    this.#model = model;
    this.#save();
  }

  #save(): void {
    this.#model = { ...this.#model, now: this.#clock.now() };
    writeState(this.options.stateFile, this.#model);
  }
}

function routeOf(request: RouteRequest): Route {
  const api = apiOf(request);
  return api === "palette" ? paletteRoute : api === "kubernetes" ? kubernetesRoute : controlRoute;
}

function apiOf({ parts }: RouteRequest): "palette" | "kubernetes" | null {
  if (parts[0] === "rehearsal") return null;
  return parts[0] === "v1" ? "palette" : "kubernetes";
}

/** A whole request, as the routes see it. @throws Error for a body that is too large. */
export async function readRequest(request: IncomingMessage): Promise<RouteRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Error("the request is too large");
    chunks.push(chunk);
  }
  const url = new URL(request.url ?? "/", "http://site");
  const parts = url.pathname.split("/").filter((part) => part !== "");
  return {
    method: request.method ?? "GET",
    parts: parts.map(decodeURIComponent),
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}

/** Answers as a broken API does. */
function disturb(fault: Exclude<ApiFault, "api-slow">, request: IncomingMessage, response: ServerResponse): void {
  const palette = request.url?.startsWith("/v1/") === true;
  switch (fault) {
    case "api-connection-cut":
      response.writeHead(200, { "content-type": "application/json", "content-length": "4096" });
      response.write('{"items":[');
      setImmediate(() => response.destroy());
      return;
    case "api-500":
      return sendAnswer(response, (palette ? failure : status)(500, "InternalError", "something went wrong").answer);
    case "api-429": {
      const { answer } = (palette ? failure : status)(429, "TooManyRequests", "too many requests");
      return sendAnswer(response, { ...answer, headers: { "retry-after": "1" } });
    }
  }
}

/** Sends a route's answer, where somebody still listens. */
export function sendAnswer(response: ServerResponse, answer: RouteAnswer): void {
  if (response.destroyed) return;
  const text = typeof answer.body === "string";
  const body = text ? (answer.body as string) : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    "content-type": text ? "text/plain" : "application/json",
    "content-length": Buffer.byteLength(body),
    ...answer.headers,
  });
  response.end(body);
}
