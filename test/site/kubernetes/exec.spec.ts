import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { connectKubernetes } from "../../../lib/site/kubernetes/client.js";
import { type ExecResult } from "../../../lib/site/types.js";
import { cleanUp, kubeconfigFor } from "../servers.js";

const open: { http: Server; sockets: WebSocketServer }[] = [];

/** An API server that only does exec, as a test says. */
async function execServer(
  onOpen: (socket: WebSocket, url: string) => void,
  protocols: readonly string[] = ["v5.channel.k8s.io", "v4.channel.k8s.io"],
): Promise<string> {
  const http = createServer();
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((protocol) => offered.has(protocol)) ?? false,
  });
  http.on("upgrade", (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (accepted) => onOpen(accepted, request.url ?? "")),
  );
  open.push({ http, sockets });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

function send(socket: WebSocket, channel: number, text: string | Buffer): void {
  socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
}

function exec(
  url: string,
  options: { timeoutSeconds?: number; signal?: AbortSignal; stdin?: string } = {},
): Promise<ExecResult> {
  const site = connectKubernetes({ kubeconfig: kubeconfigFor(url), context: null, environment: {} });
  return site.exec("ns", "pod-0", "main", ["sh", "-c", 'echo "a b" & c'], { timeoutSeconds: 5, ...options });
}

const success = JSON.stringify({ metadata: {}, status: "Success" });

describe("exec over WebSocket", () => {
  afterEach(async () => {
    for (const { http, sockets } of open.splice(0)) {
      for (const client of sockets.clients) client.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    }
    await cleanUp();
  });

  it("hands the command over as it is, and collects both streams whole", async () => {
    let asked = "";
    const url = await execServer((socket, path) => {
      asked = path;
      const text = Buffer.from("größer");
      send(socket, 1, text.subarray(0, 3));
      send(socket, 1, text.subarray(3));
      send(socket, 2, "warned");
      send(socket, 3, success);
    });
    assert.deepEqual(await exec(url), { stdout: "größer", stderr: "warned", exitCode: 0 });
    const { pathname, searchParams } = new URL(asked, url);
    assert.equal(pathname, "/api/v1/namespaces/ns/pods/pod-0/exec");
    assert.deepEqual(searchParams.getAll("command"), ["sh", "-c", 'echo "a b" & c']);
    assert.deepEqual(
      ["container", "stdin", "tty"].map((name) => searchParams.get(name)),
      ["main", null, "false"],
    );
  });

  const statuses: [title: string, status: unknown, exitCode: number | null, stderr: string][] = [
    [
      "a cause",
      { status: "Failure", message: "m", details: { causes: [{ reason: "ExitCode", message: "3" }] } },
      3,
      "",
    ],
    ["words only", { status: "Failure", reason: "InternalError", message: "command failed: exit status 42" }, 42, ""],
    ["neither", { status: "Failure", message: "the runtime broke" }, null, "the runtime broke\n"],
  ];
  for (const [title, status, exitCode, stderr] of statuses) {
    it(`an exit told by ${title} is ${exitCode ?? "not known"}`, async () => {
      const url = await execServer((socket) => send(socket, 3, JSON.stringify(status)));
      assert.deepEqual(await exec(url), { stdout: "", stderr, exitCode });
    });
  }

  it("stdin is sent, and closed where the protocol can", async () => {
    const got: Buffer[] = [];
    const url = await execServer((socket, path) => {
      assert.equal(new URL(path, "http://x").searchParams.get("stdin"), "true");
      socket.on("message", (data: Buffer) => {
        got.push(data);
        if (data[0] === 255) send(socket, 3, success);
      });
    });
    assert.equal((await exec(url, { stdin: "typed" })).exitCode, 0);
    assert.deepEqual(
      got.map((data) => [data[0], data.subarray(1).toString("latin1")]),
      [
        [0, "typed"],
        [255, "\u0000"],
      ],
    );
  });

  async function errorOf(call: Promise<unknown>): Promise<SiteError> {
    const thrown: unknown = await call.then(
      () => assert.fail("it was answered"),
      (reason: unknown) => reason,
    );
    assert.ok(thrown instanceof SiteError, String(thrown));
    return thrown;
  }

  it("a command that does not end is given up at its time limit", async () => {
    const url = await execServer((socket) => send(socket, 1, "half"));
    const error = await errorOf(exec(url, { timeoutSeconds: 0.2 }));
    assert.equal(error.kind, "network");
    assert.match(error.message, /the command in pod ns\/pod-0 did not end within 0\.2 seconds\.$/);
  });

  it("a connection that ends before the command is no answer", async () => {
    const url = await execServer((socket) => {
      send(socket, 1, "half");
      socket.close();
    });
    const error = await errorOf(exec(url));
    assert.equal(error.kind, "network");
    assert.match(error.message, /the connection to pod ns\/pod-0 ended before the command did\.$/);
  });

  it("ends at once when aborted, with the signal's reason", async () => {
    const url = await execServer(() => undefined);
    const ending = new AbortController();
    setTimeout(() => ending.abort(new Error("interrupted")), 100);
    const began = performance.now();
    await assert.rejects(exec(url, { signal: ending.signal, timeoutSeconds: 60 }), /^Error: interrupted$/);
    assert.ok(performance.now() - began < 5000);
    await assert.rejects(exec(url, { signal: ending.signal }), /^Error: interrupted$/);
  });

  it("output without end is refused", async () => {
    const url = await execServer((socket) => {
      const more = (): void => {
        if (socket.readyState !== socket.OPEN) return;
        socket.send(Buffer.concat([Buffer.from([1]), Buffer.alloc(4_000_000)]), () => setImmediate(more));
      };
      more();
    });
    const error = await errorOf(exec(url));
    assert.equal(error.kind, "malformed");
    assert.match(error.message, /wrote more than 16000000 bytes/);
  });

  it("a handshake that is refused names the permission", async () => {
    const http = createServer();
    http.on("upgrade", (_request, socket) => {
      const body = JSON.stringify({ kind: "Status", message: "pods is forbidden", code: 403 });
      socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
    });
    open.push({ http, sockets: new WebSocketServer({ noServer: true }) });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const error = await errorOf(exec(`http://127.0.0.1:${(http.address() as AddressInfo).port}`));
    assert.equal(error.kind, "forbidden");
    assert.match(error.message, /permission "create" on "pods\/exec" in namespace ns is missing: pods is forbidden\.$/);
  });

  it("a server that is gone is network", async () => {
    const url = await execServer(() => undefined);
    const { http } = open.pop()!;
    await new Promise((resolve) => http.close(resolve));
    assert.equal((await errorOf(exec(url))).kind, "network");
  });
});
