import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { InvalidInputError, getErrorMessage, PaletteError, RefusedError } from "../base/errors/errors.js";
import { sendHttpRequest, type HttpAnswer } from "../base/net/http.js";
import { resolveBucketAddress, type BucketAddress } from "./bucket-address.js";
import { type JournalLocation } from "./location.js";
import { type JournalStore } from "./store.js";

const timeoutMilliseconds = 30_000;
const maxBytes = 16 * 1024 * 1024;
const digits = 10;
const readsAtOnce = 16;

/**
 * Opens a store with one object per entry, `<prefix>/<stack>/0000000042.json`. An object is never overwritten, so two
 * writers cannot fork the chain. A bucket that ignores this condition is detected at the first entry and refused.
 */
export async function openBucketStore(
  bucketLocation: Extract<JournalLocation, { kind: "bucket" }>,
  stack: string,
  environment: NodeJS.ProcessEnv,
): Promise<JournalStore> {
  const address = resolveBucketAddress(bucketLocation, stack, environment);
  const location = `s3://${bucketLocation.bucket}${bucketLocation.folder === "" ? "" : `/${bucketLocation.folder}`}`;
  const sendRequest = await createRequestSender(address);
  let newest = 0;
  let isOverwriteRefused = false;
  const get = async (sequence: number): Promise<string> => {
    const answer = await sendRequest("GET", createObjectKey(address, sequence), {});
    return answer.status === 200
      ? answer.body
      : refuse(location, `entry ${sequence} cannot be read: ${describeAnswer(answer)}`);
  };
  const listNumbersAfter = (after: number): Promise<number[]> =>
    listEntryNumbers(sendRequest, address, after, location);
  return {
    where: `${location}/${encodeURIComponent(stack)}/`,
    read: async () => {
      const all = await listNumbersAfter(0);
      const lines: string[] = [];
      for (let at = 0; at < all.length; at += readsAtOnce) {
        lines.push(...(await Promise.all(all.slice(at, at + readsAtOnce).map(get))));
      }
      return lines;
    },
    // Objects are written atomically.
    cutOffBytes: () => Promise.resolve(0),
    describeRestart: (mark) =>
      `Leave its objects where they are, and name a new place: pulumi config set palette:journal ${location}/after-${mark} --stack ${stack}`,
    readLast: async () => {
      newest = (await listNumbersAfter(newest)).at(-1) ?? newest;
      return newest === 0 ? null : get(newest);
    },
    put: async (sequence, line) => {
      const write = (): Promise<HttpAnswer> =>
        sendRequest("PUT", createObjectKey(address, sequence), createConditionalHeaders(address, line), line);
      const answer = await write();
      // An earlier attempt of this process may have succeeded although its answer was lost.
      if (isTaken(answer)) return (await get(sequence)) === line ? "kept" : "taken";
      if (answer.status !== 200) return refuse(location, describeAnswer(answer));
      if (!isOverwriteRefused && !isTaken(await write())) {
        return refuse(
          location,
          "it overwrites objects although it was told not to (If-None-Match), so entries could be lost",
        );
      }
      isOverwriteRefused = true;
      return "kept";
    },
  };
}

type SendRequest = (
  method: "GET" | "PUT",
  key: string,
  headers: Record<string, string>,
  body?: string,
) => Promise<HttpAnswer>;

async function createRequestSender({ bucketUrl, region, credentials, caFile }: BucketAddress): Promise<SendRequest> {
  const { AwsV4Signer } = await import("aws4fetch");
  const ca = caFile === undefined ? undefined : readCaFile(caFile);
  return async (method, key, headers, body = "") => {
    const signer = new AwsV4Signer({
      ...credentials,
      sessionToken: credentials.sessionToken ?? "",
      method,
      url: `${bucketUrl}${key}`,
      headers: { ...headers, "x-amz-content-sha256": computeSha256(body, "hex") },
      service: "s3",
      region,
      ...(body === "" ? {} : { body }),
    });
    const signed = await signer.sign();
    try {
      return await sendHttpRequest({
        url: signed.url.href,
        method,
        headers: Object.fromEntries(signed.headers),
        ...(body === "" ? {} : { body }),
        ca,
        maxBytes,
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
    } catch (error) {
      return refuse(bucketUrl, getErrorMessage(error), error);
    }
  };
}

async function listEntryNumbers(
  sendRequest: SendRequest,
  address: BucketAddress,
  after: number,
  location: string,
): Promise<number[]> {
  const found: number[] = [];
  for (let token: string | null = ""; token !== null;) {
    const query = new URLSearchParams({ "list-type": "2", prefix: address.keyPrefix });
    if (after > 0) query.set("start-after", `${address.keyPrefix}${formatNumber(after)}`);
    if (token !== "") query.set("continuation-token", token);
    const answer: HttpAnswer = await sendRequest("GET", `/?${query.toString().replaceAll("+", "%20")}`, {});
    if (answer.status !== 200) return refuse(location, describeAnswer(answer));
    for (const [, key = ""] of answer.body.matchAll(/<Key>([^<]*)<\/Key>/g)) {
      const number = /\/(\d{10})\.json$/.exec(key)?.[1];
      if (number !== undefined && Number(number) > after) found.push(Number(number));
    }
    token = /<NextContinuationToken>([^<]*)<\/NextContinuationToken>/.exec(answer.body)?.[1] ?? null;
  }
  return found.sort((a, b) => a - b);
}

function createObjectKey({ keyPrefix }: BucketAddress, sequence: number): string {
  return `/${keyPrefix.split("/").map(encodeURIComponent).join("/")}${formatNumber(sequence)}.json`;
}

function formatNumber(sequence: number): string {
  return String(sequence).padStart(digits, "0");
}

/** Creates headers that make the write fail if the object exists. Buckets with object lock require the checksum. */
function createConditionalHeaders({ isGoogle }: BucketAddress, line: string): Record<string, string> {
  const type = { "content-type": "application/json" };
  if (isGoogle) return { ...type, "x-goog-if-generation-match": "0" };
  return { ...type, "if-none-match": "*", "x-amz-checksum-sha256": computeSha256(line, "base64") };
}

function computeSha256(text: string, encoding: "hex" | "base64"): string {
  return createHash("sha256").update(text).digest(encoding);
}

/** Whether the object exists already. Amazon answers 409 to two concurrent conditional writes. */
function isTaken({ status }: HttpAnswer): boolean {
  return status === 412 || status === 409;
}

function describeAnswer({ status, body }: HttpAnswer): string {
  const code = /<Code>([^<]*)<\/Code>/.exec(body)?.[1];
  return `the store answered ${status}${code === undefined ? "" : ` ${code}`}`;
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

function refuse(where: string, what: string, cause?: unknown): never {
  if (cause instanceof PaletteError && cause.code.startsWith("JOURNAL_")) throw cause;
  throw new RefusedError("JOURNAL_UNWRITABLE", `The journal in ${where} cannot be used: ${what}.`, {
    next: "Nothing moves without a journal: fix it, or set palette:journal to a folder or bucket that can be written.",
    cause,
  });
}
