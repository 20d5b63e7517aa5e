import { parseLiteral } from "./literal.js";
import { isDocument, LiteralError, type Document, type Value } from "./value.js";

/** The documents in a text, and messages on parts that start like a document and cannot be read. */
export interface Transcript {
  documents: (Document | Document[])[];
  broken: string[];
}

/** What may stand before a document on its line: a prompt, the command itself, an assignment. */
const prompt = String.raw`(?:[^{}"'<>]{0,120}>[ \t]*)?`;
const command = String.raw`(?:(?:printjson\()?(?:rs\.status\(\)|rs\.hello\(\)|rs\.conf\(\)|db\.hello\(\)|rs\.isMaster\(\))\)?;?[ \t]*)?`;
const assignment = String.raw`(?:(?:export[ \t]+)?(?:const|let|var)[ \t]+[\w$]+[ \t]*=[ \t]*|(?:module\.)?exports[ \t]*=[ \t]*)?`;
const opening = new RegExp(String.raw`^[ \t\ufeff]*${prompt}${command}${assignment}(\{|\[(?=[ \t]*(?:\r?\n|\{)))`);
/** What may follow a document: the end of its line, and then no closing bracket without an opening one. */
const closing = /[ \t]*(?:[;)]+[ \t]*)?(?:\r?\n\s*(?![\s}\],])|\r?$)/y;
const composePrefix = /^([A-Za-z0-9][\w.-]*)[ \t]+\|(?: |$)/;
/** Escape sequences of colours and of prompts that redraw their line. */
const terminalCodes = /\u001b\[[0-9;?]*[A-Za-z]/g;

/**
 * Reads the documents in a shell's output or a saved transcript. A document starts on a line of its own or after a
 * prompt, command or assignment, and ends its line; everything else is noise. A part that starts like a document and
 * cannot be read to its end is reported, never skipped silently: what follows may belong to something truncated or
 * garbled.
 */
export function readTranscript(text: string): Transcript {
  const all: Transcript = { documents: [], broken: [] };
  for (const stream of splitStreams(text.replace(terminalCodes, ""))) readStream(stream, all);
  return all;
}

/** Splits a docker-compose log into one text per container, and one for the lines without such a prefix. */
function splitStreams(text: string): string[] {
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
    const lineEnd = findNextLine(text, at);
    const found = opening.exec(text.slice(at, lineEnd));
    if (!found) {
      at = lineEnd;
      continue;
    }
    const read = readDocumentAt(text, at + found[0].length - 1);
    if (typeof read === "string") {
      all.broken.push(read);
      at = lineEnd;
    } else {
      if (read.document) all.documents.push(read.document);
      at = findNextLine(text, read.end);
    }
  }
}

function findNextLine(text: string, at: number): number {
  const found = text.indexOf("\n", at);
  return found < 0 ? text.length : found + 1;
}

/** Reads the document at `start`; null for a list that is no document; a text where it cannot be read, saying why. */
function readDocumentAt(text: string, start: number): { document: Document | Document[] | null; end: number } | string {
  try {
    const { value, end } = parseLiteral(text, start);
    closing.lastIndex = end;
    if (!closing.test(text)) return `line ${findLineNumber(text, end)}: text follows a document`;
    return { document: toDocument(value), end };
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    return `line ${findLineNumber(text, error.at)}: ${error.message}`;
  }
}

function toDocument(value: Value): Document | Document[] | null {
  if (isDocument(value)) return value;
  return Array.isArray(value) && value.length > 0 && value.every(isDocument) ? value : null;
}

function findLineNumber(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}
