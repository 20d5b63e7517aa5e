import { extractEnvelope } from "./envelope.js";
import { parseLiteral } from "./literal.js";
import { readMembersOnly, readStatus } from "../reply/status.js";
import { readTranscript } from "./transcript.js";
import { isDocument, LiteralError, type Document } from "./value.js";
import { readEnvelope, type View } from "../reply/view.js";

/** Codes of texts without anything to judge (rule G01). */
export type UnreadableCode = "NO_DOCUMENT" | "SEVERAL_DOCUMENTS" | "UNREADABLE";

export type Parsed = { kind: "view"; view: View } | { kind: "unreadable"; code: UnreadableCode; why: string };

const maximumLength = 16 * 1024 * 1024;
const anySentinel = /@@MGATE1-([a-z0-9]{8,64})(?:-END)?@@/g;

/**
 * Parses a saved text: the probe's envelope with or without its sentinels, a bare `rs.status()` in any form that a
 * shell or driver prints, or a transcript with exactly one of them. Anything truncated, garbled or ambiguous is
 * unreadable.
 * @param now the latest day that a date in it may lie on, give or take one
 */
export function parseSaved(text: string, now: Date): Parsed {
  if (text.length > maximumLength) return createUnreadable("UNREADABLE", "the text is longer than 16 MiB");
  const nonces = new Set([...text.matchAll(anySentinel)].map((found) => found[1]!));
  if (nonces.size > 1) return createUnreadable("SEVERAL_DOCUMENTS", "the text holds answers of several calls");
  for (const nonce of nonces) return parseAnswer(text, nonce, now);
  return chooseDocument(text, now);
}

/** Parses the stdout of a probe's exec, for the call with this nonce. */
export function parseAnswer(stdout: string, nonce: string, now: Date): Parsed {
  const extracted = extractEnvelope(stdout, nonce);
  if (!extracted.ok) return createUnreadable("NO_DOCUMENT", extracted.why);
  try {
    const { value, end } = parseLiteral(extracted.text);
    if (extracted.text.slice(end).trim() !== "") return createUnreadable("UNREADABLE", "text follows the document");
    return isDocument(value)
      ? toEnvelopeView(value, now)
      : createUnreadable("UNREADABLE", "the answer is not a document");
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    return createUnreadable("UNREADABLE", error.message);
  }
}

function chooseDocument(text: string, now: Date): Parsed {
  const { documents, broken } = readTranscript(text);
  const relevant = documents.filter((document) => classifyDocument(document) !== "noise");
  const judged = relevant.filter((document) => classifyDocument(document) !== "reply");
  if (judged.length > 1)
    return createUnreadable("SEVERAL_DOCUMENTS", `the text holds ${judged.length} documents, expected one`);
  const chosen = relevant.at(-1);
  if (!chosen)
    return createUnreadable(
      broken[0] === undefined ? "NO_DOCUMENT" : "UNREADABLE",
      broken[0] ?? "the text holds no reply of MongoDB",
    );
  const only = judged.length === 1 ? chosen === judged[0] : relevant.every(isFailure);
  if (!only && relevant.length > 1)
    return createUnreadable("SEVERAL_DOCUMENTS", `the text holds ${relevant.length} replies of MongoDB, expected one`);
  if (broken[0] !== undefined && !isFailure(chosen)) return createUnreadable("UNREADABLE", broken[0]);
  return toView(chosen, now);
}

function toView(document: Document | Document[], now: Date): Parsed {
  if (!Array.isArray(document) && classifyDocument(document) === "envelope") return toEnvelopeView(document, now);
  const problems: string[] = [];
  const status = Array.isArray(document)
    ? readMembersOnly(document, now, problems)
    : readStatus(document, now, problems);
  if (problems[0] !== undefined) return createUnreadable("UNREADABLE", problems[0]);
  return {
    kind: "view",
    view: { status, hello: null, config: null, fcv: null, oplog: null, work: null, binary: null },
  };
}

function toEnvelopeView(document: Document, now: Date): Parsed {
  const problems: string[] = [];
  const view = readEnvelope(document, now, problems);
  if (!view)
    return createUnreadable(
      "UNREADABLE",
      "the document is not the probe's answer (v 1 with hello, status, config and fcv)",
    );
  return problems[0] === undefined ? { kind: "view", view } : createUnreadable("UNREADABLE", problems[0]);
}

function classifyDocument(document: Document | Document[]): "envelope" | "status" | "array" | "reply" | "noise" {
  if (Array.isArray(document))
    return document.every((member) => "name" in member && "state" in member) ? "array" : "noise";
  if ("v" in document && "status" in document) return "envelope";
  const members = document["members"];
  if (Array.isArray(members)) return members.length > 0 && members.every(isConfigMember) ? "noise" : "status";
  return "ok" in document || "errmsg" in document ? "reply" : "noise";
}

/** True for a member of `rs.conf()`, which lists hosts; `rs.status()` lists names and states. */
function isConfigMember(member: unknown): boolean {
  return typeof member === "object" && member !== null && "host" in member && !("state" in member);
}

/** True for a reply without proof of success, whatever else the text contains. */
function isFailure(document: Document | Document[]): boolean {
  return !Array.isArray(document) && classifyDocument(document) === "reply" && document["ok"] !== 1;
}

function createUnreadable(code: UnreadableCode, why: string): Parsed {
  return { kind: "unreadable", code, why };
}
