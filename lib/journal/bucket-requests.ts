import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as pauseForMilliseconds } from "node:timers/promises";
import { InvalidInputError } from "../base/errors/errors.js";
import { SiteError } from "../base/errors/site-error.js";
import { sendHttpRequest, type HttpAnswer } from "../base/net/http.js";
import { type BucketAddress } from "./bucket-address.js";
import { type CredentialSource } from "./bucket-credentials.js";

const timeoutMilliseconds = 30_000;
const maxBytes = 16 * 1024 * 1024;
const attempts = 8;
const firstPauseMilliseconds = 250;
const longestPauseMilliseconds = 15_000;

export type SendRequest = (
  method: "GET" | "PUT",
  key: string,
  headers: Record<string, string>,
  body?: string,
) => Promise<HttpAnswer>;

export interface RequestOptions {
  credentials: CredentialSource;
  /** Names the proxy. */
  environment: NodeJS.ProcessEnv;
  /** Waits between two attempts; tests replace it. */
  pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Creates the sender of signed requests to a bucket. What passes by itself (too many requests, an error of the server, a
 * cut connection, no answer in time) is tried again, up to eight times over about half a minute; the last answer or error
 * is returned.
 */
export async function createRequestSender(
  { bucketUrl, region, caFile }: BucketAddress,
  { credentials, environment, pause = pauseForMilliseconds }: RequestOptions,
): Promise<SendRequest> {
  const { AwsV4Signer } = await import("aws4fetch");
  const ca = caFile === undefined ? undefined : readCaFile(caFile);
  const sendOnce: SendRequest = async (method, key, headers, body = "") => {
    const { accessKeyId, secretAccessKey, sessionToken = "" } = await credentials();
    const signer = new AwsV4Signer({
      accessKeyId,
      secretAccessKey,
      sessionToken,
      method,
      url: `${bucketUrl}${key}`,
      headers: { ...headers, "x-amz-content-sha256": computeSha256(body, "hex") },
      service: "s3",
      region,
      ...(body === "" ? {} : { body }),
    });
    const signed = await signer.sign();
    return sendHttpRequest({
      url: signed.url.href,
      method,
      headers: Object.fromEntries(signed.headers),
      ...(body === "" ? {} : { body }),
      ca,
      environment,
      maxBytes,
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
  };
  return async (...request) => {
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt === attempts;
      try {
        const answer = await sendOnce(...request);
        if (isLast || !isPassing(answer)) return answer;
        await pause(choosePause(attempt, answer.headers["retry-after"]));
      } catch (error) {
        if (isLast || !isConnectionFault(error)) throw error;
        await pause(choosePause(attempt));
      }
    }
  };
}

/** Whether the same request may succeed a little later. A 409 says that another write to the key is in progress. */
function isPassing({ status, body }: HttpAnswer): boolean {
  if ([408, 409, 429, 500, 502, 503, 504].includes(status)) return true;
  return status === 400 && body.includes("<Code>RequestTimeout</Code>");
}

function isConnectionFault(error: unknown): boolean {
  return (error instanceof SiteError && error.kind === "network") || (error as Error).name === "TimeoutError";
}

/** Doubles from attempt to attempt, with half of it by chance; the store's own word is a minimum. */
function choosePause(attempt: number, retryAfter = ""): number {
  const backOff = firstPauseMilliseconds * 2 ** (attempt - 1);
  const asked = /^\d{1,4}$/.test(retryAfter) ? Number(retryAfter) * 1000 : 0;
  return Math.min(longestPauseMilliseconds, Math.max(asked, backOff * (0.5 + Math.random() / 2)));
}

export function computeSha256(text: string, encoding: "hex" | "base64"): string {
  return createHash("sha256").update(text).digest(encoding);
}

function readCaFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new InvalidInputError("JOURNAL_CREDENTIALS", `AWS_CA_BUNDLE: ${file} cannot be read.`, {
      next: "Name the PEM file of the store's certificate authority.",
      cause: error,
    });
  }
}
