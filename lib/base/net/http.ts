import http from "node:http";
import https from "node:https";
import { type TLSSocket } from "node:tls";
import { SiteError } from "../errors/site-error.js";
import { selectAgent } from "./agents.js";
import { describeConnectionFailure } from "./describe-failure.js";
import { findProxy, formatProxy } from "./proxy.js";

export interface HttpRequest {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** PEM text of a private certificate authority, trusted in addition to the machine's. */
  ca?: string | undefined;
  /** TLS server name, where it is not the URL's host. */
  servername?: string;
  /** False only where the certificate itself is what is inspected. */
  verifyCertificate?: boolean;
  /** Variables that name proxies. Default: the process's own. */
  environment?: Readonly<Record<string, string | undefined>>;
  /**
   * Default: one by trust and proxy, which keeps connections open. An agent that is given brings its own trust: `ca`,
   * `verifyCertificate` and `environment` apply to the default only.
   */
  agent?: http.Agent | https.Agent | undefined;
  /** Largest body of the answer in bytes; a longer body is an error and is never truncated. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
  /** Issuer's common name or organisation of the server's certificate; empty for plain HTTP. */
  certificateIssuer: string;
}

/** An answer with a binary body. */
export type HttpBytes = Omit<HttpAnswer, "body"> & { body: Buffer };

/**
 * Sends one HTTP request, through the proxy that the environment names. Resolves for every status; a redirect is an
 * answer, and a body is never unpacked.
 * @throws SiteError `network` without a complete answer, `malformed` when it is too long; the signal's reason when
 * aborted.
 * Messages name origin and path only: neither query nor headers, which may hold a key.
 */
export async function sendHttpRequest(request: HttpRequest): Promise<HttpAnswer> {
  const answer = await fetchBytes(request);
  return { ...answer, body: answer.body.toString("utf8") };
}

/**
 * Like `sendHttpRequest`, with the body as bytes. A server may close an idle connection just when it is used again: then
 * a GET or HEAD is sent on another one.
 */
export function fetchBytes(request: HttpRequest): Promise<HttpBytes> {
  const url = new URL(request.url);
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === "https:" ? https : http).request(url, toRequestOptions(request, url));
    const fail = (thrown: unknown): void => {
      const aborted = request.signal?.aborted === true;
      reject(aborted ? getAbortReason(request.signal!) : createNetworkError(request, url, thrown));
    };
    const failOrResend = (thrown: unknown): void => {
      if (wasClosedWhileIdle(outgoing, thrown)) resolve(fetchBytes(request));
      else fail(thrown);
    };
    outgoing.on("error", failOrResend);
    outgoing.on("response", (response) => {
      outgoing.off("error", failOrResend).on("error", fail);
      const certificateIssuer = getCertificateIssuer(response.socket as TLSSocket);
      readBody(response, request.maxBytes)
        .then((body) =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, certificateIssuer }),
        )
        .catch((thrown: unknown) => {
          outgoing.destroy();
          if (thrown instanceof SiteError) reject(new SiteError(thrown.kind, `${formatUrl(url)}: ${thrown.message}`));
          else fail(thrown);
        });
    });
    outgoing.end(request.body);
  });
}

/** Whether a kept connection was closed before it answered. Only a request that changes nothing may be sent again. */
function wasClosedWhileIdle({ reusedSocket, method }: http.ClientRequest, thrown: unknown): boolean {
  const { code } = thrown as NodeJS.ErrnoException;
  return reusedSocket && ["ECONNRESET", "EPIPE"].includes(code ?? "") && ["GET", "HEAD"].includes(method);
}

/** Formats origin and path of a URL, for messages. */
export function formatUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** Returns the error to throw for an aborted signal. */
export function getAbortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("aborted");
}

function toRequestOptions(request: HttpRequest, url: URL): https.RequestOptions {
  const { ca, verifyCertificate = true, environment = process.env } = request;
  return {
    method: request.method ?? "GET",
    headers: { accept: "application/json", ...request.headers },
    agent: request.agent ?? selectAgent(url, { ca, verifyCertificate, environment }),
    servername: request.servername,
    signal: request.signal,
  };
}

async function readBody(response: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new SiteError("malformed", `the answer is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function createNetworkError(request: HttpRequest, url: URL, thrown: unknown): SiteError {
  const proxy = request.agent === undefined ? findProxy(url, request.environment ?? process.env) : null;
  const through = proxy === null ? "" : ` through the proxy ${formatProxy(proxy)}`;
  return new SiteError(
    "network",
    `${formatUrl(url)} could not be reached${through}: ${describeConnectionFailure(thrown)}.`,
    {
      cause: thrown,
    },
  );
}

function getCertificateIssuer(socket: Partial<TLSSocket>): string {
  const issuer = socket.getPeerCertificate?.().issuer as { CN?: string; O?: string } | undefined;
  return issuer?.CN ?? issuer?.O ?? "";
}
