import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A way to the simulated site for the real Kubernetes provider: it writes Secrets in Kubernetes' protobuf form, the site reads
 * JSON. Everything else passes as it is.
 */
export async function startSecretTranslator(target: string): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => void pass(target, incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function pass(target: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const protobuf = (incoming.headers["content-type"] ?? "").includes("protobuf");
  const translate = protobuf && ["POST", "PUT"].includes(incoming.method ?? "");
  const body = translate ? Buffer.from(JSON.stringify(readSecret(Buffer.concat(chunks)))) : Buffer.concat(chunks);
  const headers = {
    ...incoming.headers,
    accept: "application/json",
    ...(translate ? { "content-type": "application/json", "content-length": String(body.length) } : {}),
  };
  const onward = httpRequest(new URL(incoming.url ?? "/", target), { method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.writeHead(502).end());
  onward.end(body);
}

/** A Secret from `k8s\0` and a `runtime.Unknown` around it: numbers of fields from k8s.io/api core/v1 and meta/v1. */
function readSecret(bytes: Buffer): unknown {
  const raw = one(fields(bytes.subarray(4)), 2);
  const secret = fields(raw);
  const metadata = fields(one(secret, 1));
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: text(one(secret, 3)),
    metadata: {
      name: text(one(metadata, 1)),
      namespace: text(one(metadata, 3)),
      labels: Object.fromEntries(entries(metadata, 11).map(([key, value]) => [key, text(value)])),
    },
    data: Object.fromEntries(entries(secret, 2).map(([key, value]) => [key, value.toString("base64")])),
  };
}

type Field = { number: number; value: Buffer };

function fields(bytes: Buffer): Field[] {
  const found: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    const [key, afterKey] = varint(bytes, at);
    const [first, afterFirst] = varint(bytes, afterKey);
    const holdsBytes = key % 8 === 2;
    at = holdsBytes ? afterFirst + first : afterFirst;
    if (holdsBytes) found.push({ number: Math.floor(key / 8), value: bytes.subarray(afterFirst, at) });
  }
  return found;
}

function varint(bytes: Buffer, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 1; ; shift *= 128) {
    const byte = bytes[at++] ?? 0;
    value += (byte % 128) * shift;
    if (byte < 128) return [value, at];
  }
}

function one(all: readonly Field[], number: number): Buffer {
  return all.find((field) => field.number === number)?.value ?? Buffer.alloc(0);
}

function entries(all: readonly Field[], number: number): [string, Buffer][] {
  return all
    .filter((field) => field.number === number)
    .map(({ value }) => [text(one(fields(value), 1)), one(fields(value), 2)]);
}

function text(bytes: Buffer): string {
  return bytes.toString("utf8");
}
