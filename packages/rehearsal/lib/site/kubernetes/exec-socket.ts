import { type IncomingMessage } from "node:http";
import { type Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import {
  findNonce,
  formatEndSentinel,
  formatEnvelope,
  formatStartSentinel,
} from "../../../../../lib/gates/mongo-replica-set/text/envelope.js";
import { clearFaults } from "../create.js";
import { listPodObjects } from "./workloads.js";
import { type SiteModel, type SiteTime } from "../model.js";
import { createProbeEnvelope } from "../mongo/documents.js";
import { computeReplicaSet } from "../mongo/replica-set.js";
import { createStatus as statusResult } from "./status.js";

const stdout = 1;
const stderr = 2;
const statusChannel = 3;
const subprotocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

/** Result of a command in a container. */
interface CommandResult {
  stdout: string;
  stderr: string;
  exitCode: number;
}

interface ExecTarget {
  namespace: string;
  pod: string;
  container: string;
  command: string[];
}

/** Answers exec requests of the Kubernetes API over WebSocket. */
export class ExecServer {
  readonly #sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => subprotocols.find((protocol) => offered.has(protocol)) ?? false,
  });

  /** Handles one HTTP upgrade; calls `done` when the command's connection is closed. */
  acceptUpgrade(
    model: SiteModel,
    now: SiteTime,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    done: () => void,
    change: (model: SiteModel) => void = () => undefined,
  ): void {
    const target = parseExecTarget(request.url ?? "");
    const refusal = target === null ? formatRefusal(404, "NotFound", "no such path") : findRefusal(model, now, target);
    if (refusal !== null) {
      socket.end(refusal);
      done();
      return;
    }
    socket.on("close", done);
    this.#sockets.handleUpgrade(request, socket, head, (accepted) => {
      const raised = raiseFcv(model, now, target!);
      if (raised?.model !== undefined) change(raised.model);
      sendResult(accepted, raised?.ended ?? runCommand(model, now, target!));
    });
  }

  stop(): void {
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
  }
}

function parseExecTarget(url: string): ExecTarget | null {
  const { pathname, searchParams } = new URL(url, "http://site");
  const match = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/exec$/.exec(pathname);
  if (!match) return null;
  return {
    namespace: match[1]!,
    pod: match[2]!,
    container: searchParams.get("container") ?? "",
    command: searchParams.getAll("command"),
  };
}

/** Returns the answer to a handshake that must be refused; null where it is acceptable. */
function findRefusal(model: SiteModel, now: SiteTime, target: ExecTarget): string | null {
  const pod = listPodObjects(model, now).find(
    ({ metadata }) => metadata.namespace === target.namespace && metadata.name === target.pod,
  );
  if (!pod) return formatRefusal(404, "NotFound", `pods "${target.pod}" not found`);
  const containers = (pod["spec"] as { containers: { name: string }[] }).containers.map(({ name }) => name);
  if (!containers.includes(target.container)) {
    return formatRefusal(400, "BadRequest", `container ${target.container} is not valid for pod ${target.pod}`);
  }
  const ordinal = getMemberOrdinal(target);
  if (ordinal !== null && !computeReplicaSet(model, now).members[ordinal]!.running) {
    return formatRefusal(
      500,
      "InternalError",
      `unable to upgrade connection: container not found ("${target.container}")`,
    );
  }
  return null;
}

function runCommand(model: SiteModel, now: SiteTime, target: ExecTarget): CommandResult {
  const nonce = findNonce(target.command);
  const ordinal = getMemberOrdinal(target);
  if (nonce !== null && ordinal !== null && target.container === "mongo") {
    return { stdout: formatEnvelope(createProbeEnvelope(model, ordinal, now), nonce), stderr: "", exitCode: 0 };
  }
  if (target.command[0] === "echo")
    return { stdout: `${target.command.slice(1).join(" ")}\n`, stderr: "", exitCode: 0 };
  return {
    stdout: "",
    stderr: `the simulated container cannot run ${target.command[0] ?? "nothing"}\n`,
    exitCode: 127,
  };
}

/** Runs the act fcv-raise: on the primary it clears the fault `fcv-6.0`. Returns null for any other command. */
function raiseFcv(
  model: SiteModel,
  now: SiteTime,
  target: ExecTarget,
): { ended: CommandResult; model?: SiteModel } | null {
  const nonce = findNonce(target.command);
  const ordinal = getMemberOrdinal(target);
  if (nonce === null || ordinal === null || !target.command.join("\n").includes("setFeatureCompatibilityVersion"))
    return null;
  const isPrimary = computeReplicaSet(model, now).primary === ordinal;
  const raised = isPrimary ? { ok: 1 } : { ok: 0, code: 10107, codeName: "NotWritablePrimary", errmsg: "not primary" };
  const stdout = [formatStartSentinel(nonce), JSON.stringify({ v: 1, raised }), formatEndSentinel(nonce), ""].join(
    "\n",
  );
  const ended = { stdout, stderr: "", exitCode: 0 };
  return isPrimary ? { ended, model: clearFaults(model, ["fcv-6.0"], now) } : { ended };
}

function sendResult(socket: WebSocket, ended: CommandResult): void {
  const send = (channel: number, text: string): void =>
    socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
  if (ended.stdout !== "") send(stdout, ended.stdout);
  if (ended.stderr !== "") send(stderr, ended.stderr);
  send(statusChannel, JSON.stringify(createEndStatus(ended.exitCode)));
  socket.close(1000);
}

function createEndStatus(exitCode: number): unknown {
  if (exitCode === 0) return { metadata: {}, status: "Success" };
  return {
    metadata: {},
    status: "Failure",
    reason: "NonZeroExitCode",
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] },
  };
}

/** Returns the ordinal of the MongoDB member that a target addresses; null for any other pod. */
function getMemberOrdinal({ namespace, pod }: ExecTarget): number | null {
  const ordinal = namespace === "hubble-system" ? /^mongo-(\d)$/.exec(pod)?.[1] : undefined;
  return ordinal === undefined ? null : Number(ordinal);
}

function formatRefusal(code: number, reason: string, message: string): string {
  const body = JSON.stringify(statusResult(code, reason, message).answer.body);
  const head = `HTTP/1.1 ${code} ${reason}\r\nContent-Type: application/json\r\nConnection: close\r\n`;
  return `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
