import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { InvalidInputError, messageOf, PaletteError, RefusedError } from "../errors.js";
import { httpRequest, type HttpAnswer } from "../site/http.js";
import { bucketAddress, type BucketAddress } from "./bucket-address.js";
import { type JournalLocation } from "./location.js";
import { type JournalStore } from "./store.js";

const timeoutMilliseconds = 30_000;
const maxBytes = 16 * 1024 * 1024;
const digits = 10;
const readsAtOnce = 16;

/**
 * One object an entry, `<prefix>/<stack>/0000000042.json`, written only where none is: two writers cannot fork the chain. A
 * store that does not keep that promise is found out with the first entry and refused.
 */
export async function bucketStore(
  place: Extract<JournalLocation, { kind: "bucket" }>,
  stack: string,
  environment: NodeJS.ProcessEnv,
): Promise<JournalStore> {
  const address = bucketAddress(place, stack, environment);
  const location = `s3://${place.bucket}${place.folder === "" ? "" : `/${place.folder}`}`;
  const ask = await asker(address);
  let newest = 0;
  let isProved = false;
  const get = async (sequence: number): Promise<string> => {
    const answer = await ask("GET", keyOf(address, sequence), {});
    return answer.status === 200
      ? answer.body
      : refuse(location, `entry ${sequence} cannot be read: ${saidBy(answer)}`);
  };
  const numbers = (after: number): Promise<number[]> => listNumbers(ask, address, after, location);
  return {
    where: `${location}/${encodeURIComponent(stack)}/`,
    read: async () => {
      const all = await numbers(0);
      const lines: string[] = [];
      for (let at = 0; at < all.length; at += readsAtOnce) {
        lines.push(...(await Promise.all(all.slice(at, at + readsAtOnce).map(get))));
      }
      return lines;
    },
    // An object is there as a whole, or not at all.
    cutOffBytes: () => Promise.resolve(0),
    anew: (mark) =>
      `Leave its objects where they are, and name a new place: pulumi config set palette:journal ${location}/after-${mark} --stack ${stack}`,
    last: async () => {
      newest = (await numbers(newest)).at(-1) ?? newest;
      return newest === 0 ? null : get(newest);
    },
    put: async (sequence, line) => {
      const write = (): Promise<HttpAnswer> => ask("PUT", keyOf(address, sequence), onlyIfNew(address, line), line);
      const answer = await write();
      // The answer to an earlier try of ours may have been lost on its way.
      if (isTaken(answer)) return (await get(sequence)) === line ? "kept" : "taken";
      if (answer.status !== 200) return refuse(location, saidBy(answer));
      if (!isProved && !isTaken(await write())) {
        return refuse(
          location,
          "it overwrites objects although it was told not to (If-None-Match), so entries could be lost",
        );
      }
      isProved = true;
      return "kept";
    },
  };
}

type Ask = (method: "GET" | "PUT", key: string, headers: Record<string, string>, body?: string) => Promise<HttpAnswer>;

async function asker({ bucketUrl, region, credentials, caFile }: BucketAddress): Promise<Ask> {
  const { AwsV4Signer } = await import("aws4fetch");
  const ca = caFile === undefined ? undefined : readCa(caFile);
  return async (method, key, headers, body = "") => {
    const signer = new AwsV4Signer({
      ...credentials,
      sessionToken: credentials.sessionToken ?? "",
      method,
      url: `${bucketUrl}${key}`,
      headers: { ...headers, "x-amz-content-sha256": sha256(body, "hex") },
      service: "s3",
      region,
      ...(body === "" ? {} : { body }),
    });
    const signed = await signer.sign();
    try {
      return await httpRequest({
        url: signed.url.href,
        method,
        headers: Object.fromEntries(signed.headers),
        ...(body === "" ? {} : { body }),
        ca,
        maxBytes,
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
    } catch (error) {
      return refuse(bucketUrl, messageOf(error), error);
    }
  };
}

async function listNumbers(ask: Ask, address: BucketAddress, after: number, location: string): Promise<number[]> {
  const found: number[] = [];
  for (let token: string | null = ""; token !== null;) {
    const query = new URLSearchParams({ "list-type": "2", prefix: address.keyPrefix });
    if (after > 0) query.set("start-after", `${address.keyPrefix}${numberText(after)}`);
    if (token !== "") query.set("continuation-token", token);
    const answer: HttpAnswer = await ask("GET", `/?${query.toString().replaceAll("+", "%20")}`, {});
    if (answer.status !== 200) return refuse(location, saidBy(answer));
    for (const [, key = ""] of answer.body.matchAll(/<Key>([^<]*)<\/Key>/g)) {
      const number = /\/(\d{10})\.json$/.exec(key)?.[1];
      if (number !== undefined && Number(number) > after) found.push(Number(number));
    }
    token = /<NextContinuationToken>([^<]*)<\/NextContinuationToken>/.exec(answer.body)?.[1] ?? null;
  }
  return found.sort((a, b) => a - b);
}

function keyOf({ keyPrefix }: BucketAddress, sequence: number): string {
  return `/${keyPrefix.split("/").map(encodeURIComponent).join("/")}${numberText(sequence)}.json`;
}

function numberText(sequence: number): string {
  return String(sequence).padStart(digits, "0");
}

/** The checksum is what buckets with a lock on their objects ask for. */
function onlyIfNew({ isGoogle }: BucketAddress, line: string): Record<string, string> {
  const type = { "content-type": "application/json" };
  if (isGoogle) return { ...type, "x-goog-if-generation-match": "0" };
  return { ...type, "if-none-match": "*", "x-amz-checksum-sha256": sha256(line, "base64") };
}

function sha256(text: string, encoding: "hex" | "base64"): string {
  return createHash("sha256").update(text).digest(encoding);
}

/** 409 is Amazon's answer to two such writes at the same moment. */
function isTaken({ status }: HttpAnswer): boolean {
  return status === 412 || status === 409;
}

function saidBy({ status, body }: HttpAnswer): string {
  const code = /<Code>([^<]*)<\/Code>/.exec(body)?.[1];
  return `the store answered ${status}${code === undefined ? "" : ` ${code}`}`;
}

function readCa(file: string): string {
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
    next: "Nothing moves without a journal: mend it, or set palette:journal to a folder or bucket that can be written.",
    cause,
  });
}
