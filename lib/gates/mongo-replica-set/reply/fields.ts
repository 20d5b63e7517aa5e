import { parseInstant, isDocument, Opaque, Timestamp, type Document, type Value } from "../text/value.js";

const day = 86_400_000;
const earliest = Date.UTC(2000, 0, 1);
/** How Go prints a date that was never set. */
const goNever = Date.parse("0001-01-01T00:00:00Z");
/** A number from here on is the 64 bits of a timestamp (Go drivers). */
const packedFrom = 2 ** 52;

/**
 * Reads fields of one document by type. An absent field is null. A field of another type is added to the problems, and
 * a document with problems is rejected as a whole.
 */
export class FieldReader {
  constructor(
    private readonly document: Document,
    private readonly path: string,
    private readonly problems: string[],
    private readonly now: Date,
  ) {}

  /** Whether the field is there and not null. */
  has(name: string): boolean {
    return Object.hasOwn(this.document, name) && this.document[name] !== null;
  }

  /** Reads an integer; 1.0 is 1. */
  readInteger(name: string): number | null {
    const value = this.getValue(name);
    if (value === undefined) return null;
    return typeof value === "number" && Number.isSafeInteger(value) ? value : this.reportProblem(name, "an integer");
  }

  readNumber(name: string): number | null {
    const value = this.getValue(name);
    if (value === undefined) return null;
    return typeof value === "number" ? value : this.reportProblem(name, "a number");
  }

  readText(name: string): string | null {
    const value = this.getValue(name);
    if (value === undefined) return null;
    return typeof value === "string" ? value : this.reportProblem(name, "a text");
  }

  /** Reads true or false; old servers also send 1 and 0. */
  readFlag(name: string): boolean | null {
    const value = this.getValue(name);
    if (value === undefined) return null;
    if (typeof value === "boolean") return value;
    return value === 1 || value === 0 ? value === 1 : this.reportProblem(name, "true or false");
  }

  /** Reads an instant; 1970-01-01T00:00:00Z is MongoDB's "never". Others must lie between 2000 and tomorrow. */
  readDate(name: string): Date | null {
    const value = this.getValue(name);
    if (value === undefined) return null;
    const date = value instanceof Date ? value : typeof value === "string" ? parseInstant(value) : null;
    if (!date) return this.reportProblem(name, "a date");
    const at = date.getTime();
    if (at === goNever) return new Date(0);
    if (at === 0 || (at >= earliest && at <= this.now.getTime() + day)) return date;
    return this.reportProblem(name, "a date between 2000 and tomorrow (seconds taken for milliseconds?)");
  }

  /** Reads the seconds of an optime: a timestamp (before 3.2) or `{ts, t}`. */
  readOptimeSeconds(name: string): number | null {
    const value = this.getValue(name);
    if (value === undefined) return null;
    const timestamp = isDocument(value) ? value["ts"] : value;
    if (timestamp instanceof Date) return Math.floor(timestamp.getTime() / 1000);
    if (typeof timestamp === "number" && timestamp >= packedFrom && timestamp < 2 ** 64)
      return Math.floor(timestamp / 2 ** 32);
    return timestamp instanceof Timestamp ? timestamp.t : this.reportProblem(name, "an optime");
  }

  /** Reads the election term of an optime `{ts, t}`; null where it has none (before 3.2: -1). */
  readOptimeTerm(name: string): number | null {
    const value = this.getValue(name);
    const term = isDocument(value) ? value["t"] : null;
    return typeof term === "number" && Number.isSafeInteger(term) && term >= 0 ? term : null;
  }

  /** Returns the reader of a nested document; null where absent. */
  readNested(name: string): FieldReader | null {
    const value = this.getValue(name);
    if (value === undefined) return null;
    return isDocument(value) ? this.createNestedReader(value, name) : this.reportProblem(name, "a document");
  }

  /** Returns the reader of each document in a list; null where absent. */
  readList(name: string): FieldReader[] | null {
    const value = this.getValue(name);
    if (value === undefined) return null;
    if (!Array.isArray(value)) return this.reportProblem(name, "a list");
    return value.map((element, index) =>
      this.createNestedReader(
        isDocument(element) ? element : this.reportNonDocument(`${name}[${index}]`),
        `${name}[${index}]`,
      ),
    );
  }

  private createNestedReader(value: Document, name: string): FieldReader {
    return new FieldReader(value, this.path ? `${this.path}.${name}` : name, this.problems, this.now);
  }

  private getValue(name: string): Value | undefined {
    const value = Object.hasOwn(this.document, name) ? this.document[name] : undefined;
    if (value === null) return undefined;
    return value instanceof Opaque ? this.reportOpaque(name, value) : value;
  }

  private reportOpaque(name: string, value: Opaque): undefined {
    this.reportProblem(name, `readable (it is of type ${value.kind})`);
    return undefined;
  }

  private reportNonDocument(name: string): Document {
    this.reportProblem(name, "a document");
    return Object.create(null) as Document;
  }

  private reportProblem(name: string, expected: string): null {
    this.problems.push(`${this.path ? `${this.path}.` : ""}${name} is not ${expected}`);
    return null;
  }
}
