import { type Config, type Hello, readSavedConfig, readSavedHello, type View } from "../reply/view.js";
import { readMembersOnly, readStatus } from "../reply/status.js";
import { classifyDocument, listParts } from "./classify.js";
import { createUnreadable, parseAnswer, parseEnvelope, type Unreadable } from "./parse.js";
import { formatQuote, type Quote, readTranscript, type Transcript } from "./transcript.js";
import { type Document } from "./value.js";

/** One member's answer in a saved text: a view for each configuration and reply to hello in the text. */
export interface SavedAnswer {
  /** The member's own name; null where the answer does not say it. */
  member: string | null;
  views: View[];
}

/** What a saved text holds beside its answers, by lines as quoted in messages. */
export interface Remains {
  failures: string[];
  unknown: string[];
  /** Failures of commands that asked nothing of the set. */
  passed: string[];
  prose: number;
}

export type Saved = { kind: "answers"; answers: SavedAnswer[]; remains: Remains } | Unreadable;

type Kept = Quote & { value: Document };

/** The documents of a text, by kind. */
interface Sorted {
  answers: (Quote & { value: Document | Document[] })[];
  configs: Kept[];
  hellos: Kept[];
  replies: Kept[];
  failures: Kept[];
  partial: Quote[];
  extracts: Quote[];
  unknown: Quote[];
}

const maximumLength = 16 * 1024 * 1024;
const maximumAnswers = 100;
const anySentinel = /@@MGATE1-([a-z0-9]{8,64})(?:-END)?@@/g;
const extractAdvice =
  "extracts of rs.status(), such as name, state and health, prove no sync; save all of it instead, e.g. mongosh --quiet --eval 'EJSON.stringify(rs.status())'";

/**
 * Parses a saved text: the probe's envelopes with or without their sentinels, `rs.status()` in any form that a shell or
 * driver prints, or a transcript of several members' answers. `rs.conf()` and `db.hello()` in the text are kept with each
 * answer. Anything truncated, garbled or ambiguous is unreadable; what else stands in the text is returned as it is.
 * @param now the latest day that a date in it may lie on, give or take one
 */
export function parseSaved(text: string, now: Date): Saved {
  if (text.length > maximumLength) return createUnreadable("UNREADABLE", "the text is longer than 16 MiB");
  const nonces = [...new Set([...text.matchAll(anySentinel)].map((found) => found[1]!))];
  if (nonces.length > maximumAnswers) return createUnreadable("SEVERAL_DOCUMENTS", tooMany(nonces.length));
  const probed: View[] = [];
  for (const nonce of nonces) {
    const parsed = parseAnswer(text, nonce, now);
    if (parsed.kind === "unreadable") return parsed;
    probed.push(parsed.view);
  }
  return toSaved(readTranscript(nonces.length === 0 ? text : removeProbed(text)), probed, now);
}

/** Removes what stands between sentinels, and keeps the number of lines. */
function removeProbed(text: string): string {
  let inside = false;
  const lines = text.split("\n").map((line) => {
    const sentinel = line.includes("@@MGATE1-");
    const removed = sentinel || inside;
    if (sentinel) inside = !line.includes("-END@@");
    return removed ? "" : line;
  });
  return lines.join("\n");
}

function toSaved(transcript: Transcript, probed: View[], now: Date): Saved {
  const sorted = sortDocuments(transcript);
  const count = sorted.answers.length + probed.length;
  if (count === 0) return toFailedReply(transcript, sorted, now);
  if (transcript.broken[0] !== undefined) return createUnreadable("UNREADABLE", transcript.broken[0]);
  if (Math.max(count, sorted.configs.length, sorted.hellos.length) > maximumAnswers)
    return createUnreadable("SEVERAL_DOCUMENTS", tooMany(count));
  const problems: string[] = [];
  const configs = sorted.configs.map(({ value }) => readSavedConfig(value, now, problems));
  const hellos = sorted.hellos.map(({ value }) => readSavedHello(value, now, problems));
  const answers = probed.map((view) => toAnswer([view]));
  for (const { value } of sorted.answers) {
    const views = readAnswer(value, { configs, hellos }, now);
    if (!Array.isArray(views)) return views;
    answers.push(toAnswer(views));
  }
  if (problems[0] !== undefined) return createUnreadable("UNREADABLE", problems[0]);
  return findRepeated(answers) ?? { kind: "answers", answers, remains: toRemains(transcript, sorted) };
}

function sortDocuments(transcript: Transcript): Sorted {
  const sorted: Sorted = {
    answers: [],
    configs: [],
    hellos: [],
    replies: [],
    failures: [],
    partial: [],
    extracts: [],
    unknown: [],
  };
  const sort = (quote: Quote, value: Document | Document[], depth: number): void => {
    const kind = classifyDocument(value, depth);
    if (kind === "several") listParts(value).forEach((part) => sort(quote, part, depth + 1));
    else if (kind === "envelope" || kind === "status" || kind === "members") sorted.answers.push({ ...quote, value });
    else if (kind === "partial") sorted.partial.push(quote);
    else if (kind === "extract") sorted.extracts.push(quote);
    else if (kind === null || Array.isArray(value)) sorted.unknown.push(quote);
    else if (kind === "config") sorted.configs.push({ ...quote, value });
    else if (kind === "hello") sorted.hellos.push({ ...quote, value });
    else if (kind === "reply") sorted.replies.push({ ...quote, value });
    else if (kind === "failure") sorted.failures.push({ ...quote, value });
  };
  for (const { value, ...quote } of transcript.documents) sort(quote, value, 0);
  return sorted;
}

/** A text without a status is judged by the last reply that failed, else by its last reply, or says why there is none. */
function toFailedReply(transcript: Transcript, sorted: Sorted, now: Date): Saved {
  const chosen = sorted.failures.at(-1);
  const broken = transcript.broken[0];
  if (chosen === undefined && broken !== undefined) return createUnreadable("UNREADABLE", broken);
  const reply = chosen ?? [...sorted.replies, ...sorted.hellos].sort((a, b) => a.line - b.line).at(-1);
  if (reply) {
    const views = readAnswer(reply.value, { configs: [], hellos: [] }, now);
    if (!Array.isArray(views)) return views;
    return {
      kind: "answers",
      answers: [toAnswer(views)],
      remains: { failures: [], unknown: [], passed: [], prose: 0 },
    };
  }
  const said = [...transcript.failures, ...transcript.unknown][0];
  if ([sorted, transcript].some(({ partial, extracts }) => partial.length + extracts.length > 0))
    return createUnreadable("NO_DOCUMENT", `${extractAdvice}`);
  return createUnreadable(
    "NO_DOCUMENT",
    `the text holds no reply of MongoDB${said === undefined ? "" : `; ${formatQuote(said)}`}`,
  );
}

function readAnswer(
  value: Document | Document[],
  { configs, hellos }: { configs: readonly Config[]; hellos: readonly Hello[] },
  now: Date,
): View[] | Unreadable {
  if (!Array.isArray(value) && classifyDocument(value) === "envelope") {
    const parsed = parseEnvelope(value, now);
    return parsed.kind === "view" ? [parsed.view] : parsed;
  }
  const problems: string[] = [];
  const status = Array.isArray(value) ? readMembersOnly(value, now, problems) : readStatus(value, now, problems);
  if (problems[0] !== undefined) return createUnreadable("UNREADABLE", problems[0]);
  const length = Math.max(1, configs.length, hellos.length);
  return Array.from({ length }, (_, index) => ({
    probed: false,
    status,
    hello: hellos[index] ?? null,
    config: configs[Math.min(index, configs.length - 1)] ?? null,
    fcv: null,
    oplog: null,
    work: null,
    binary: null,
  }));
}

function toAnswer(views: View[]): SavedAnswer {
  return { member: views[0]!.status.members?.find(({ self }) => self)?.name ?? null, views };
}

/** Two answers of one member, or answers that do not say whose they are, contradict each other or hide a third. */
function findRepeated(answers: readonly SavedAnswer[]): Unreadable | null {
  const members = answers.map(({ member }) => member);
  if (answers.length === 1) return null;
  if (members.includes(null))
    return createUnreadable(
      "SEVERAL_DOCUMENTS",
      `the text holds ${answers.length} documents, and one does not say whose it is`,
    );
  const repeated = members.find((member, index) => members.indexOf(member) < index);
  return repeated ? createUnreadable("SEVERAL_DOCUMENTS", `the text holds more than one answer of ${repeated}`) : null;
}

function toRemains(transcript: Transcript, sorted: Sorted): Remains {
  const inOrder = (quotes: readonly Quote[]): string[] =>
    [...quotes].sort((a, b) => a.line - b.line).map((quote) => formatQuote(quote));
  return {
    failures: inOrder([...transcript.failures, ...sorted.failures]),
    unknown: inOrder([...transcript.unknown, ...transcript.partial, ...sorted.unknown, ...sorted.partial]),
    passed: inOrder(transcript.passed),
    prose: transcript.prose,
  };
}

function tooMany(count: number): string {
  return `the text holds ${count} answers, expected at most ${maximumAnswers}`;
}
