import { createHash } from "node:crypto";
import { SiteError } from "../../base/errors/site-error.js";
import { getErrorMessage, InvalidInputError, PaletteError } from "../../base/errors/errors.js";
import { findNonce } from "../mongo-replica-set/text/envelope.js";
import { redact } from "../../base/text/redact.js";
import { type Observed } from "../verdict/types.js";
import { redactObserved } from "../verdict/redact.js";

/** An error that a call to the site ended with. */
interface RecordedError {
  name: "SiteError" | "InvalidInputError" | "Error";
  /** Kind of a SiteError, code of an InvalidInputError. */
  kind: string;
  message: string;
  next?: string | undefined;
}

/** One recorded call: its name and arguments, and the value or error it returned. */
interface RecordedAnswer {
  call: string;
  value?: unknown;
  error?: RecordedError | undefined;
}

/** Answers the calls that a gate makes: from the live site while recording, or from a record. */
export interface AnswerSource {
  ask<T>(call: string, given: readonly unknown[], live: () => Promise<T> | T): Promise<T>;
}

/** Creates a source that calls the live site and records every answer, without secrets. */
export function createRecorder(secrets: readonly string[]): { source: AnswerSource; answers: RecordedAnswer[] } {
  const answers: RecordedAnswer[] = [];
  const ask: AnswerSource["ask"] = async (call, given, live) => {
    const { key, nonce } = createCallKey(call, given);
    // Recorded in the order of the calls: concurrent calls may be answered in any order.
    const answer: RecordedAnswer = { call: redact(key, secrets) };
    answers.push(answer);
    try {
      const value = await live();
      const plain = JSON.parse(replaceNonce(JSON.stringify(value ?? null), nonce, placeholder)) as Observed;
      answer.value = redactObserved(plain, secrets);
      return value;
    } catch (thrown) {
      answer.error = toRecordedError(thrown, secrets);
      throw thrown;
    }
  };
  return { source: { ask }, answers };
}

/** Creates a source that replays a record; equal calls get their answers in order. Calls it lacks go to `missing`. */
export function createReplayer(answers: readonly RecordedAnswer[]): { source: AnswerSource; missing: string[] } {
  const unused = new Map<string, RecordedAnswer[]>();
  for (const answer of answers) unused.set(answer.call, [...(unused.get(answer.call) ?? []), answer]);
  const missing: string[] = [];
  const ask = <T>(call: string, given: readonly unknown[]): Promise<T> => {
    const { key, nonce } = createCallKey(call, given);
    const queue = unused.get(key) ?? [];
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    if (answer === undefined) {
      missing.push(key);
      return Promise.reject(new Error(`the record does not hold ${key}`));
    }
    if (answer.error !== undefined) return Promise.reject(toError(answer.error));
    return Promise.resolve(JSON.parse(replaceNonce(JSON.stringify(answer.value ?? null), placeholder, nonce)) as T);
  };
  return { source: { ask }, missing };
}

const placeholder = "{nonce}";
const longestKey = 300;

function replaceNonce(text: string, from: string | null, to: string | null): string {
  return from === null || to === null ? text : text.replaceAll(from, to);
}

/** Creates a key for a call that is the same on every run: the random nonce of a probe is replaced. */
function createCallKey(call: string, given: readonly unknown[]): { key: string; nonce: string | null } {
  const texts = given.flat().filter((word) => typeof word === "string");
  const nonce = findNonce(texts);
  const plain = JSON.stringify(
    given.filter((each) => !(each instanceof AbortSignal)),
    (name, value: unknown) => (name === "signal" ? undefined : value),
  );
  const text = replaceNonce(plain, nonce, placeholder);
  const shown = text.length > longestKey ? `sha256:${createHash("sha256").update(text).digest("hex")}` : text;
  return { key: `${call} ${shown}`, nonce };
}

function toRecordedError(thrown: unknown, secrets: readonly string[]): RecordedError {
  const message = redact(getErrorMessage(thrown), secrets);
  if (thrown instanceof SiteError) return { name: "SiteError", kind: thrown.kind, message };
  if (!(thrown instanceof PaletteError)) return { name: "Error", kind: "", message };
  const next = thrown.next === undefined ? undefined : redact(thrown.next, secrets);
  return { name: "InvalidInputError", kind: thrown.code, message, next };
}

function toError({ name, kind, message, next }: RecordedError): Error {
  if (name === "SiteError") return new SiteError(kind as SiteError["kind"], message);
  if (name === "InvalidInputError") return new InvalidInputError(kind, message, next === undefined ? {} : { next });
  return new Error(message);
}
