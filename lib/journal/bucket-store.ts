import { encodeFileName } from "../base/text/file-name.js";
import { getErrorMessage, PaletteError, RefusedError } from "../base/errors/errors.js";
import { type HttpAnswer } from "../base/net/http.js";
import { resolveBucketAddress, type BucketAddress } from "./bucket-address.js";
import { selectCredentials } from "./bucket-credentials.js";
import { computeSha256, createRequestSender, type RequestOptions, type SendRequest } from "./bucket-requests.js";
import { type JournalLocation } from "./location.js";
import { type JournalStore } from "./store.js";

const digits = 10;
const readsAtOnce = 16;
/** A page lists up to 1,000 objects: more entries than any journal has. */
const maxPages = 1000;

/**
 * Opens a store with one object per entry, `<prefix>/<stack>/0000000042.json`. An object is never overwritten, so two
 * writers cannot fork the chain. A bucket that ignores this condition is detected at the first entry and refused.
 */
export async function openBucketStore(
  bucketLocation: Extract<JournalLocation, { kind: "bucket" }>,
  stack: string,
  environment: NodeJS.ProcessEnv,
  options: Pick<RequestOptions, "pause"> = {},
): Promise<JournalStore> {
  const address = resolveBucketAddress(bucketLocation, stack, environment);
  const location = `s3://${bucketLocation.bucket}${bucketLocation.folder === "" ? "" : `/${bucketLocation.folder}`}`;
  const send = await createRequestSender(address, {
    ...options,
    environment,
    credentials: selectCredentials(environment, location),
  });
  const sendRequest: SendRequest = (...request) =>
    send(...request).catch((error: unknown) => refuse(location, getErrorMessage(error), error));
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
    where: `${location}/${encodeFileName(stack)}/`,
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
        return refuse(location, "it overwrites objects in spite of If-None-Match, so entries could be lost");
      }
      isOverwriteRefused = true;
      return "kept";
    },
    reserveRoom: () => undefined,
    releaseRoom: () => undefined,
  };
}

async function listEntryNumbers(
  sendRequest: SendRequest,
  address: BucketAddress,
  after: number,
  location: string,
): Promise<number[]> {
  const found: number[] = [];
  let token: string | null = "";
  for (let page = 1; token !== null; page += 1) {
    if (page > maxPages) return refuse(location, `its list of objects has no end (${maxPages} pages)`);
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

function isTaken({ status }: HttpAnswer): boolean {
  return status === 412;
}

function describeAnswer({ status, body }: HttpAnswer): string {
  const code = /<Code>([^<]*)<\/Code>/.exec(body)?.[1];
  return `the store answered ${status}${code === undefined ? "" : ` ${code}`}`;
}

function refuse(where: string, what: string, cause?: unknown): never {
  if (cause instanceof PaletteError && cause.code.startsWith("JOURNAL_")) throw cause;
  throw new RefusedError("JOURNAL_UNWRITABLE", `The journal in ${where} cannot be used: ${what}.`, {
    next: "Nothing moves without a journal: fix it, or set palette:journal to a folder or bucket that can be written.",
    cause,
  });
}
