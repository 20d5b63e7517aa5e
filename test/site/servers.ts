import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
const folders: string[] = [];

/** A loopback server that answers as a test says. */
export async function serve(answer: Answer): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers every request with one status and body. */
export function answering(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return (_request, response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
}

/** A loopback address at which nothing listens any more. */
export async function deadAddress(): Promise<string> {
  const url = await serve(answering(200, {}));
  const server = servers.pop()!;
  await new Promise((resolve) => server.close(resolve));
  return url;
}

/** A new folder with one file in it; returns the file's path. */
export function fileWith(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "palette-clients-"));
  folders.push(folder);
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** A kubeconfig that leads to `server`; returns its path. */
export function kubeconfigFor(server: string, contexts: readonly string[] = ["test"]): string {
  return fileWith(
    "kubeconfig",
    stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
      users: [{ name: "u", user: { token: "planted-token" } }],
      contexts: contexts.map((name) => ({ name, context: { cluster: "c", user: "u" } })),
      "current-context": contexts[0],
    }),
  );
}

/** Ends all servers and removes all files of a test. */
export async function cleanUp(): Promise<void> {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
}
