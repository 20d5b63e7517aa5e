import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { type Duplex } from "node:stream";
import { rehearsalVariable } from "../../../../lib/program/rehearsal/variables.js";
import { type RunningSite, type SimulatedSiteOptions } from "../types.js";
import { type ApiFault, findApiFault, slowSeconds } from "./api-faults.js";
import { handleControlRequest, parseSleepSeconds } from "./control-routes.js";
import { advance, clearFaults, createModel, injectFaults } from "./create.js";
import { ExecServer } from "./kubernetes/exec-socket.js";
import { endLeftUpgrades } from "./helm/left-upgrades.js";
import { JumpingClock } from "./jumping-clock.js";
import { writeKubeconfig } from "./kubernetes/kubeconfig.js";
import { handleKubernetesRequest } from "./kubernetes/routes.js";
import { type SiteModel, type SiteTime } from "./model.js";
import { createFailure } from "./palette/failures.js";
import { handlePaletteRequest, listPcgNames } from "./palette/routes.js";
import { type Route, type RouteAnswer, type RouteRequest } from "./routes.js";
import { readState, writeState } from "./state-file.js";
import { createStatus } from "./kubernetes/status.js";

const largestBody = 8_000_000;
/** Maximum real time that a slow answer waits for its caller to sleep. */
const slowAnswerMaxWaitMs = 1000;

/**
 * Starts a simulated site on a free loopback port. A site stored in the state file continues where it was, with the
 * faults that were injected before; its time has gone on with the machine's, and an upgrade that a kill left pending has
 * failed. @throws InvalidInputError `SITE_STATE_UNREADABLE`, `FAULT_VERSION`.
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
    pcgs: listPcgNames(model),
    environment: { [rehearsalVariable]: `${url}/rehearsal` },
    changeFaults: (change) => Promise.resolve().then(() => server.changeFaults(change)),
    stop: () => server.stop(),
  };
}

function loadModel(options: SimulatedSiteOptions): SiteModel {
  const saved = readState(options.stateFile);
  if (saved !== null) return resumeModel(saved);
  const now = (options.startAt ?? new Date()).getTime();
  return injectFaults(createModel(options, now), options.faults, now);
}

/** Returns a saved site as it is now: its time has gone on, and no upgrade outlives the run that made it. */
function resumeModel(saved: SiteModel): SiteModel {
  const now = saved.now + Math.max(0, Date.now() - (saved.savedAt ?? Date.now()));
  return endLeftUpgrades({ ...saved, now }, now);
}

/** Serves the model over HTTP: each request sees it at the site's time, and changes are saved before the answer. */
class SiteServer {
  #model: SiteModel;
  readonly #clock: JumpingClock;
  readonly #execs = new ExecServer();
  readonly #http: Server;
  /** Slow answers whose delay has not started yet. */
  readonly #slow = new Set<() => void>();

  constructor(private readonly options: SimulatedSiteOptions) {
    this.#model = loadModel(options);
    this.#clock = new JumpingClock(this.#model.now, () => this.#save());
    this.#http = createServer((request, response) => void this.#handle(request, response));
    this.#http.on("upgrade", (request, socket, head) => this.#handleUpgrade(request, socket, head));
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

  changeFaults(change: Parameters<RunningSite["changeFaults"]>[0]): void {
    const now = this.#clock.now();
    this.#setModel(injectFaults(clearFaults(this.#model, change.clear ?? [], now), change.add ?? [], now));
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
    const release = this.#clock.blockJumps();
    response.once("close", release);
    this.options.onRequest?.();
    try {
      const route = await readRequest(request);
      if (route.parts[0] === "rehearsal" && route.parts[1] === "sleep") return this.#sleep(route, response, release);
      const hit = this.#takeApiFault(route);
      if (hit === "api-slow")
        return this.#answerSlowly(response, release, () => sendAnswer(response, this.#answer(route)));
      if (hit !== null) return sendFaultyAnswer(hit, request, response);
      sendAnswer(response, this.#answer(route));
    } catch (thrown) {
      if (!response.headersSent) sendAnswer(response, { status: 500, body: String(thrown) });
    }
  }

  #answer(request: RouteRequest): RouteAnswer {
    const now = this.#advanceToNow();
    const { answer, model } = selectRoute(request)(this.#model, now, request);
    if (model !== undefined) this.#setModel(model);
    return answer;
  }

  #takeApiFault(request: RouteRequest): ApiFault | null {
    const api = selectApi(request);
    this.#advanceToNow();
    const hit = api === null ? null : findApiFault(this.#model, api);
    if (hit === null) return null;
    this.#setModel(hit.model);
    return hit.fault;
  }

  #sleep(request: RouteRequest, response: ServerResponse, release: () => void): void {
    const asked = parseSleepSeconds(request.body);
    if (asked === null) return sendAnswer(response, { status: 400, body: { message: "seconds is not a number" } });
    this.#answerLater(asked, response, release, () => {
      sendAnswer(response, { status: 200, body: { now: new Date(this.#clock.now()).toISOString() } });
    });
    for (const begin of [...this.#slow]) begin();
  }

  /**
   * Starts the delay of a slow answer only when its caller sleeps on its own time limit, so that the caller can time
   * out.
   */
  #answerSlowly(response: ServerResponse, release: () => void, then: () => void): void {
    const begin = (): void => {
      clearTimeout(timer);
      if (this.#slow.delete(begin)) this.#answerLater(slowSeconds, response, release, then);
    };
    const timer = setTimeout(begin, slowAnswerMaxWaitMs);
    this.#slow.add(begin);
    response.once("close", () => this.#slow.delete(begin));
  }

  /** Answers later. The waiting request counts as a sleeper, not as work: time may jump to its wake-up. */
  #answerLater(seconds: number, response: ServerResponse, release: () => void, then: () => void): void {
    const giveUp = this.#clock.sleep(seconds, then);
    response.once("close", giveUp);
    release();
  }

  #handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const release = this.#clock.blockJumps();
    socket.on("error", release);
    const now = this.#advanceToNow();
    this.#execs.acceptUpgrade(this.#model, now, request, socket, head, release, (model) => this.#setModel(model));
  }

  #advanceToNow(): SiteTime {
    const now = this.#clock.now();
    const advanced = advance(this.#model, now);
    if (advanced !== this.#model) this.#setModel(advanced);
    return now;
  }

  #setModel(model: SiteModel): void {
    this.#model = model;
    this.#save();
  }

  #save(): void {
    this.#model = { ...this.#model, now: this.#clock.now(), savedAt: Date.now() };
    writeState(this.options.stateFile, this.#model);
  }
}

function selectRoute(request: RouteRequest): Route {
  const api = selectApi(request);
  return api === "palette"
    ? handlePaletteRequest
    : api === "kubernetes"
      ? handleKubernetesRequest
      : handleControlRequest;
}

function selectApi({ parts }: RouteRequest): "palette" | "kubernetes" | null {
  if (parts[0] === "rehearsal") return null;
  return parts[0] === "v1" ? "palette" : "kubernetes";
}

/** Reads a whole request into the form that routes receive. @throws Error for a body that is too large. */
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

/** Answers a request as a faulty API does. */
function sendFaultyAnswer(
  fault: Exclude<ApiFault, "api-slow">,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const palette = request.url?.startsWith("/v1/") === true;
  switch (fault) {
    case "api-connection-cut":
      response.writeHead(200, { "content-type": "application/json", "content-length": "4096" });
      response.write('{"items":[');
      setImmediate(() => response.destroy());
      return;
    case "api-500":
      return sendAnswer(
        response,
        (palette ? createFailure : createStatus)(500, "InternalError", "something went wrong").answer,
      );
    case "api-429": {
      const { answer } = (palette ? createFailure : createStatus)(429, "TooManyRequests", "too many requests");
      return sendAnswer(response, { ...answer, headers: { "retry-after": "1" } });
    }
  }
}

/** Sends a route's answer, unless the connection is closed. */
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
