import { createHash } from "node:crypto";
import { InvalidInputError, messageOf, PaletteError } from "../errors.js";
import { SiteError } from "../site/types.js";
import { nonceOf } from "../gates/mongo-replica-set/envelope.js";
import { redact, redactObserved } from "../gates/redact.js";
import type { Observed } from "../gates/types.js";

/** A fault that was the answer. */
export interface TapedError {
  name: "SiteError" | "InvalidInputError" | "Error";
  /** Kind of a SiteError, code of an InvalidInputError. */
  kind: string;
  message: string;
  next?: string | undefined;
}

/** One answer: what was asked, with its arguments, and what came back. */
export interface TapedAnswer {
  call: string;
  value?: unknown;
  error?: TapedError | undefined;
}

/** What stands between a gate and what it asks. */
export interface Tape {
  ask<T>(call: string, given: readonly unknown[], live: () => Promise<T> | T): Promise<T>;
}

/** Asks live and keeps every answer, without secrets. */
export function recordingTape(secrets: readonly string[]): { tape: Tape; answers: TapedAnswer[] } {
  const answers: TapedAnswer[] = [];
  const ask: Tape["ask"] = async (call, given, live) => {
    const { key, nonce } = keyOf(call, given);
    // Its place is that of the question: answers to questions asked at once come in any order.
    const answer: TapedAnswer = { call: redact(key, secrets) };
    answers.push(answer);
    try {
      const value = await live();
      const plain = JSON.parse(masked(JSON.stringify(value ?? null), nonce, placeholder)) as Observed;
      answer.value = redactObserved(plain, secrets);
      return value;
    } catch (thrown) {
      answer.error = tapedError(thrown, secrets);
      throw thrown;
    }
  };
  return { tape: { ask }, answers };
}

/** Answers from a record, in the order in which the same was asked; what it was not asked is kept in `missing`. */
export function replayingTape(answers: readonly TapedAnswer[]): { tape: Tape; missing: string[] } {
  const left = new Map<string, TapedAnswer[]>();
  for (const answer of answers) left.set(answer.call, [...(left.get(answer.call) ?? []), answer]);
  const missing: string[] = [];
  const ask = <T>(call: string, given: readonly unknown[]): Promise<T> => {
    const { key, nonce } = keyOf(call, given);
    const queue = left.get(key) ?? [];
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    if (answer === undefined) {
      missing.push(key);
      return Promise.reject(new Error(`the record does not hold ${key}`));
    }
    if (answer.error !== undefined) return Promise.reject(errorOf(answer.error));
    return Promise.resolve(JSON.parse(masked(JSON.stringify(answer.value ?? null), placeholder, nonce)) as T);
  };
  return { tape: { ask }, missing };
}

const placeholder = "{nonce}";
const longestKey = 300;

function masked(text: string, from: string | null, to: string | null): string {
  return from === null || to === null ? text : text.replaceAll(from, to);
}

/** A question as a text that is the same each time, whatever a probe drew by lot. */
function keyOf(call: string, given: readonly unknown[]): { key: string; nonce: string | null } {
  const words = given.flat().filter((word) => typeof word === "string");
  const nonce = nonceOf(words);
  const plain = JSON.stringify(
    given.filter((each) => !(each instanceof AbortSignal)),
    (name, value: unknown) => (name === "signal" ? undefined : value),
  );
  const text = masked(plain, nonce, placeholder);
  const shown = text.length > longestKey ? `sha256:${createHash("sha256").update(text).digest("hex")}` : text;
  return { key: `${call} ${shown}`, nonce };
}

function tapedError(thrown: unknown, secrets: readonly string[]): TapedError {
  const message = redact(messageOf(thrown), secrets);
  if (thrown instanceof SiteError) return { name: "SiteError", kind: thrown.kind, message };
  if (!(thrown instanceof PaletteError)) return { name: "Error", kind: "", message };
  const next = thrown.next === undefined ? undefined : redact(thrown.next, secrets);
  return { name: "InvalidInputError", kind: thrown.code, message, next };
}

function errorOf({ name, kind, message, next }: TapedError): Error {
  if (name === "SiteError") return new SiteError(kind as SiteError["kind"], message);
  if (name === "InvalidInputError") return new InvalidInputError(kind, message, next === undefined ? {} : { next });
  return new Error(message);
}
