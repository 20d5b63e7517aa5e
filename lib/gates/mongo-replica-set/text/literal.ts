import { createShellValue } from "./constructors.js";
import { decodeExtendedJson, InvalidForm } from "./extended-json.js";
import { LiteralError, type Document, type Value } from "./value.js";

const maxDepth = 60;
const spaces = /[\s\ufeff]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.$])/y;
const word = /[A-Za-z_$][\w$]*/y;
const callee = /(?:new\s+)?([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)\s*\(/y;
const words: Record<string, null | boolean> = { true: true, false: false, null: null, undefined: null };

/**
 * Reads one value at `start`: JSON, EJSON, the shells' literals (bare keys, single quotes, trailing commas, ISODate(…)
 * and the like). Nothing is evaluated. Anything else is rejected, including duplicate keys and line breaks within
 * strings.
 * @throws LiteralError
 */
export function parseLiteral(text: string, start = 0): { value: Value; end: number } {
  const reader = new Reader(text, start);
  const value = reader.parseValue(0);
  return { value, end: reader.at };
}

class Reader {
  constructor(
    private readonly text: string,
    public at: number,
  ) {}

  private refuse(what: string): never {
    throw new LiteralError(what, this.at);
  }

  private take(form: RegExp): string | null {
    form.lastIndex = this.at;
    const found = form.exec(this.text);
    if (!found) return null;
    this.at = form.lastIndex;
    return found[1] ?? found[0];
  }

  private skipTo(...wanted: string[]): string {
    this.take(spaces);
    const found = this.text[this.at] ?? "";
    if (wanted.includes(found)) return found;
    return this.refuse(found === "" ? "the document ends too early" : `expected ${wanted.join(" or ")}`);
  }

  parseValue(depth: number): Value {
    if (depth > maxDepth) this.refuse("the document is nested too deep");
    this.take(spaces);
    const first = this.text[this.at] ?? "";
    if (first === "{") return this.parseObject(depth);
    if (first === "[") return this.parseList("]", depth);
    if (first === '"' || first === "'" || first === "`") return this.parseString(first);
    if (first === "") this.refuse("the document ends too early");
    const digits = this.take(number);
    if (digits !== null) return Number(digits);
    return this.parseCall(depth) ?? this.parseWord();
  }

  private parseObject(depth: number): Value {
    const from = this.at++;
    const document = Object.create(null) as Document;
    for (;;) {
      this.take(spaces);
      if (this.text[this.at] === "}") break;
      const key = this.parseKey();
      if (Object.hasOwn(document, key)) this.refuse("a key stands twice");
      this.skipTo(":");
      this.at++;
      document[key] = this.parseValue(depth + 1);
      if (this.skipTo(",", "}") === ",") this.at++;
    }
    this.at++;
    const folded = decodeExtendedJson(document);
    if (folded instanceof InvalidForm) throw new LiteralError(`an invalid ${folded.form}`, from);
    return folded;
  }

  private parseKey(): string {
    const first = this.text[this.at] ?? "";
    if (first === '"' || first === "'") return this.parseString(first);
    return this.take(word) ?? this.refuse("expected a key");
  }

  private parseList(closing: "]" | ")", depth: number): Value[] {
    this.at++;
    const list: Value[] = [];
    for (;;) {
      this.take(spaces);
      if (this.text[this.at] === closing) break;
      list.push(this.parseValue(depth + 1));
      if (this.skipTo(",", closing) === ",") this.at++;
    }
    this.at++;
    return list;
  }

  private parseCall(depth: number): Value | null {
    const from = this.at;
    const name = this.take(callee);
    if (name === null) return null;
    this.at--;
    const value = createShellValue(name, this.parseList(")", depth));
    if (value === null) throw new LiteralError(`${name}(…) is not what the shell prints`, from);
    return value;
  }

  private parseWord(): null | boolean {
    const from = this.at;
    const found = this.take(word);
    if (found === null || !Object.hasOwn(words, found)) {
      this.at = from;
      return this.refuse(found === null ? "expected a value" : "an unexpected word");
    }
    return words[found]!;
  }

  private parseString(quote: string): string {
    const from = this.at++;
    let out = "";
    for (;;) {
      const next = this.text[this.at++];
      if (next === undefined) throw new LiteralError("a text is not closed", from);
      if (next === quote) return out;
      if (next === "\\") out += this.parseEscape(from);
      else if (next < " ") throw new LiteralError("a text is broken by a line end or control character", this.at - 1);
      else if (quote === "`" && next === "$" && this.text[this.at] === "{") this.refuse("a template is not a value");
      else out += next;
    }
  }

  private parseEscape(from: number): string {
    const next = this.text[this.at++] ?? "";
    if (Object.hasOwn(escapes, next)) return escapes[next]!;
    const length = next === "u" ? 4 : next === "x" ? 2 : 0;
    const digits = this.text.slice(this.at, this.at + length);
    if (length === 0 || !new RegExp(`^[0-9a-fA-F]{${length}}$`).test(digits))
      throw new LiteralError("an invalid escape", from);
    this.at += length;
    return String.fromCharCode(parseInt(digits, 16));
  }
}

const escapes: Record<string, string> = {
  '"': '"',
  "'": "'",
  "`": "`",
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
