import { parseLiteral } from "./literal.js";
import { isDocument, LiteralError, type Document, type Value } from "./value.js";

/** What a text holds: the documents in it, and the places that look like a document and are none. */
export interface Transcript {
  documents: (Document | Document[])[];
  broken: string[];
}

/** What may stand before a document on its line: a prompt, the command itself, an assignment. */
const prompt = String.raw`(?:[^{}"'<>]{0,120}>[ \t]*)?`;
const command = String.raw`(?:(?:printjson\()?(?:rs\.status\(\)|rs\.hello\(\)|rs\.conf\(\)|db\.hello\(\)|rs\.isMaster\(\))\)?;?[ \t]*)?`;
const assignment = String.raw`(?:(?:export[ \t]+)?(?:const|let|var)[ \t]+[\w$]+[ \t]*=[ \t]*|(?:module\.)?exports[ \t]*=[ \t]*)?`;
const opening = new RegExp(String.raw`^[ \t\ufeff]*${prompt}${command}${assignment}(\{|\[(?=[ \t]*(?:\r?\n|\{)))`);
/** What may follow a document: its line ends, and what comes next does not close anything that was never opened. */
const closing = /[ \t]*[;)]*[ \t]*(?:\r?\n\s*(?![\s}\],])|\r?$)/y;
const composePrefix = /^([A-Za-z0-9][\w.-]*)[ \t]+\|(?: |$)/;
/** Colours, and how a prompt redraws its line. */
const terminalCodes = /\u001b\[[0-9;?]*[A-Za-z]/g;

/**
 * The documents in a shell's output or a saved transcript. A document starts on a line of its own or behind a prompt,
 * command or assignment, and ends its line; everything else is noise. A place that starts like a document and cannot be
 * read to its end is reported, never skipped in silence: what follows in it may be a part of something cut or garbled.
 */
export function readTranscript(text: string): Transcript {
  const all: Transcript = { documents: [], broken: [] };
  for (const stream of streamsOf(text.replace(terminalCodes, ""))) readStream(stream, all);
  return all;
}

/** One text for each container of a docker-compose log and one for the lines without such a prefix. */
function streamsOf(text: string): string[] {
  const streams = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const found = composePrefix.exec(line);
    const name = found ? found[1]! : "";
    const rest = found ? line.slice(found[0].length) : line;
    const lines = streams.get(name);
    if (lines) lines.push(rest);
    else streams.set(name, [rest]);
  }
  return [...streams.values()].map((lines) => lines.join("\n"));
}

function readStream(text: string, all: Transcript): void {
  let at = 0;
  while (at < text.length) {
    const lineEnd = nextLine(text, at);
    const found = opening.exec(text.slice(at, lineEnd));
    if (!found) {
      at = lineEnd;
      continue;
    }
    const read = readAt(text, at + found[0].length - 1);
    if (typeof read === "string") {
      all.broken.push(read);
      at = lineEnd;
    } else {
      if (read.document) all.documents.push(read.document);
      at = nextLine(text, read.end);
    }
  }
}

function nextLine(text: string, at: number): number {
  const found = text.indexOf("\n", at);
  return found < 0 ? text.length : found + 1;
}

/** The document at `start`; null for a list that is none; a text saying what is wrong with it. */
function readAt(text: string, start: number): { document: Document | Document[] | null; end: number } | string {
  try {
    const { value, end } = parseLiteral(text, start);
    closing.lastIndex = end;
    if (!closing.test(text)) return `line ${lineOf(text, end)}: text follows a document`;
    return { document: documentOf(value), end };
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    return `line ${lineOf(text, error.at)}: ${error.message}`;
  }
}

function documentOf(value: Value): Document | Document[] | null {
  if (isDocument(value)) return value;
  return Array.isArray(value) && value.length > 0 && value.every(isDocument) ? value : null;
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}
