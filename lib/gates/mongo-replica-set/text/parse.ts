import { readEnvelope, type View } from "../reply/view.js";
import { extractEnvelope } from "./envelope.js";
import { parseLiteral } from "./literal.js";
import { isDocument, LiteralError, type Document } from "./value.js";

/** Codes of texts without anything to judge (rule G01). */
type UnreadableCode = "NO_DOCUMENT" | "SEVERAL_DOCUMENTS" | "UNREADABLE";

export interface Unreadable {
  kind: "unreadable";
  code: UnreadableCode;
  why: string;
}

export type Parsed = { kind: "view"; view: View } | Unreadable;

/** Parses the stdout of a probe's exec, for the call with this nonce. */
export function parseAnswer(stdout: string, nonce: string, now: Date): Parsed {
  const extracted = extractEnvelope(stdout, nonce);
  if (!extracted.ok) return createUnreadable("NO_DOCUMENT", extracted.why);
  try {
    const { value, end } = parseLiteral(extracted.text);
    if (extracted.text.slice(end).trim() !== "") return createUnreadable("UNREADABLE", "text follows the document");
    return isDocument(value)
      ? parseEnvelope(value, now)
      : createUnreadable("UNREADABLE", "the answer is not a document");
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    return createUnreadable("UNREADABLE", error.message);
  }
}

/** Reads a document that is the probe's envelope. */
export function parseEnvelope(document: Document, now: Date): Parsed {
  const problems: string[] = [];
  const view = readEnvelope(document, now, problems);
  if (!view)
    return createUnreadable(
      "UNREADABLE",
      "the document is not the probe's answer (v 1 with hello, status, config and fcv)",
    );
  return problems[0] === undefined ? { kind: "view", view } : createUnreadable("UNREADABLE", problems[0]);
}

export function createUnreadable(code: UnreadableCode, why: string): Unreadable {
  return { kind: "unreadable", code, why };
}
