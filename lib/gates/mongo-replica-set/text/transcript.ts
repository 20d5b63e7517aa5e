import { classifyLine, findTyped, isUnrelated, tellsSilence, tellsTrouble } from "./lines.js";
import { parseLiteral } from "./literal.js";
import { type Line, splitStreams, type Stream } from "./streams.js";
import { removeTerminalCodes } from "./terminal.js";
import { isDocument, LiteralError, type Document, type Value } from "./value.js";

/** A line as quoted in a message. */
export interface Quote {
  /** Counted from 1. */
  line: number;
  text: string;
}

/** A saved text, every line accounted for. */
export interface Transcript {
  documents: (Quote & { value: Document | Document[] })[];
  /** Parts that begin like a document and cannot be read to their end, with why. */
  broken: string[];
  /** Answers that failed, in words. */
  failures: Quote[];
  /** Failures of a command that asked nothing of the set, with an answer after them. */
  passed: Quote[];
  /** Extracts of which nothing can be concluded. */
  partial: Quote[];
  /** Extracts that contradict no answer, and are none. */
  extracts: Quote[];
  /** Lines that are nothing known. */
  unknown: Quote[];
  /** Number of lines outside the code blocks of a Markdown text. */
  prose: number;
}

const maximumBroken = 20;
const maximumQuote = 120;

/** What may stand before a document on its line: a prompt, the command itself, an assignment. */
const beforePrompt = String.raw`(?:[^{}"'<>]{0,120}>[ \t]*)?`;
const beforeCommand = String.raw`(?:(?:printjson\()?(?:rs\.status\(\)|rs\.hello\(\)|rs\.conf\(\)|db\.hello\(\)|rs\.isMaster\(\))\)?;?[ \t]*)?`;
const assignment = String.raw`(?:(?:export[ \t]+)?(?:const|let|var)[ \t]+[\w$]{1,80}[ \t]*=[ \t]*|(?:module\.)?exports[ \t]*=[ \t]*)?`;
const opening = new RegExp(String.raw`^[ \t]*${beforePrompt}${beforeCommand}${assignment}(\{|\[(?=[ \t]*(?:$|\{|\[)))`);
/** A failure that ends with the document that the server sent. */
const failureDocument = /[({ :]\{$/;

/**
 * Reads a shell's output or a saved transcript and accounts for every line: a document, a failure, recognised noise, or
 * unknown. A document starts on a line of its own or after a prompt, command or assignment, and ends its line; one that
 * starts and cannot be read to its end is reported, never skipped: what follows may belong to something truncated or
 * garbled.
 */
export function readTranscript(text: string): Transcript {
  const all: Transcript = {
    documents: [],
    broken: [],
    failures: [],
    passed: [],
    partial: [],
    extracts: [],
    unknown: [],
    prose: 0,
  };
  for (const stream of splitStreams(removeTerminalCodes(text))) new StreamReader(stream, all).read();
  return all;
}

/** Formats a line for a message, at most 120 characters of it. */
export function formatQuote({ line, text }: Quote): string {
  const shown = text.trim();
  return `line ${line}: "${shown.length > maximumQuote ? `${shown.slice(0, maximumQuote)}…` : shown}"`;
}

class StreamReader {
  private readonly lines: readonly Line[];
  private readonly text: string;
  /** Offset of each line in the text. */
  private readonly starts: number[];
  /** Whether the last command's output says nothing of the set. */
  private unrelated = false;
  private readonly unrelatedFailures: Quote[] = [];
  /** Whether the warnings of the server's start are being listed. */
  private warned = false;
  /** A heading that announces an answer, until one follows. */
  private announced: Quote | null = null;
  private readonly unanswered: Quote[] = [];
  private answered = 0;
  private answers = 0;

  constructor(
    private readonly stream: Stream,
    private readonly all: Transcript,
  ) {
    this.lines = stream.lines;
    this.text = this.lines.map((line) => line.text).join("\n");
    this.starts = [];
    let at = 0;
    for (const line of this.lines) {
      this.starts.push(at);
      at += line.text.length + 1;
    }
  }

  read(): void {
    let index = 0;
    while (index < this.lines.length && this.all.broken.length < maximumBroken) index = this.readLine(index);
    this.close();
  }

  /** Reads what begins at a line; returns the index of the line after it. */
  private readLine(index: number): number {
    const line = this.lines[index]!;
    const found = opening.exec(line.text);
    if (found) return this.readDocument(index, this.starts[index]! + found[0].length - 1);
    switch (classifyLine(line.text)) {
      case "failure":
        return this.readFailure(index);
      case "command":
        this.readCommand(line);
        break;
      case "marker":
        this.announce(line);
        break;
      case "partial":
        this.all.partial.push(quote(line));
        break;
      case "extract":
        this.all.extracts.push(quote(line));
        break;
      case "heading":
        this.warned = true;
        break;
      case "noise":
        break;
      case "warning":
        if (!this.warned) this.readUnknown(line);
        break;
      case null:
        this.readUnknown(line);
    }
    return index + 1;
  }

  /** Of prose, and of the output of an unrelated command, only what tells of trouble counts. */
  private readUnknown(line: Line): void {
    if (line.prose ? tellsSilence(line.text) : !this.unrelated || /[{}]/.test(line.text) || tellsTrouble(line.text))
      this.all.unknown.push(quote(line));
    else if (line.prose) this.all.prose += 1;
  }

  private readCommand({ text }: Line): void {
    const typed = findTyped(text);
    if (typed) this.unrelated = isUnrelated(typed.command);
    this.warned = false;
    this.announced = null;
  }

  private announce(line: Line): void {
    if (this.announced) this.unanswered.push(this.announced);
    this.announced = quote(line);
    this.unrelated = false;
    this.warned = false;
  }

  private answer(): void {
    if (this.announced) this.answered += 1;
    this.announced = null;
    this.warned = false;
    this.answers += 1;
  }

  private readDocument(index: number, start: number): number {
    this.answer();
    const read = this.parseAt(start);
    if (typeof read === "string") {
      this.all.broken.push(read);
      return index + 1;
    }
    const end = this.skipEnd(read.end);
    if (end === null) {
      this.all.broken.push(`line ${this.lines[this.findIndex(read.end)]!.number}: text follows a document`);
      return this.findIndex(read.end) + 1;
    }
    const document = toDocument(read.value);
    if (document) {
      this.all.documents.push({ ...quote(this.lines[index]!), value: document });
      this.all.passed.push(...this.unrelatedFailures.splice(0));
    } else this.all.unknown.push(quote(this.lines[index]!));
    return end;
  }

  /** A failure, with the document that its line ends with. */
  private readFailure(index: number): number {
    this.answer();
    const line = this.lines[index]!;
    (this.unrelated ? this.unrelatedFailures : this.all.failures).push(quote(line));
    if (!failureDocument.test(line.text)) return index + 1;
    const read = this.parseAt(this.starts[index]! + line.text.length - 1);
    return typeof read === "string" ? index + 1 : this.findIndex(read.end) + 1;
  }

  private close(): void {
    this.all.failures.push(...this.unrelatedFailures);
    if (this.announced) this.unanswered.push(this.announced);
    if (this.answered > 0) this.all.unknown.push(...this.unanswered);
    const last = this.lines.findLast(({ text }) => text.trim() !== "");
    if (this.stream.label !== null && this.answers === 0 && last) this.all.unknown.push(quote(last));
  }

  private parseAt(start: number): { value: Value; end: number } | string {
    try {
      return parseLiteral(this.text, start);
    } catch (error) {
      if (!(error instanceof LiteralError)) throw error;
      return `line ${this.lines[this.findIndex(error.at)]!.number}: ${error.message}`;
    }
  }

  /** Skips what may end a document's line; null where more follows, or a bracket closes that none opened. */
  private skipEnd(end: number): number | null {
    const index = this.findIndex(Math.max(end - 1, 0));
    const line = this.lines[index]!;
    if (!/^[ \t;)]*$/.test(line.text.slice(end - this.starts[index]!))) return null;
    let next = index + 1;
    while (next < this.lines.length && this.lines[next]!.text.trim() === "") next += 1;
    return next < this.lines.length && /^\s*[}\],]/.test(this.lines[next]!.text) ? null : index + 1;
  }

  /** Finds the line that holds an offset. */
  private findIndex(at: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function quote({ number, text }: Line): Quote {
  return { line: number, text: text.length > maximumQuote * 2 ? text.slice(0, maximumQuote * 2) : text };
}

function toDocument(value: Value): Document | Document[] | null {
  if (isDocument(value)) return value;
  return Array.isArray(value) && value.length > 0 && value.every(isDocument) ? value : null;
}
