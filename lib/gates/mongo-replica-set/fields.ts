import { instantOf, isDocument, Opaque, Timestamp, type Document, type Value } from "./value.js";

const day = 86_400_000;
const earliest = Date.UTC(2000, 0, 1);
/** How Go prints a date that was never set. */
const goNever = Date.parse("0001-01-01T00:00:00Z");
/** From here on a number is no count but a timestamp's 64 bits (Go drivers). */
const packedFrom = 2 ** 52;

/**
 * Reads fields of one document by type. An absent field is null; a field that is there and not of its type is a problem,
 * and a document with problems is refused as a whole.
 */
export class Fields {
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

  /** A number that is an integer; 1.0 is 1. */
  integer(name: string): number | null {
    const value = this.given(name);
    if (value === undefined) return null;
    return typeof value === "number" && Number.isSafeInteger(value) ? value : this.problem(name, "an integer");
  }

  text(name: string): string | null {
    const value = this.given(name);
    if (value === undefined) return null;
    return typeof value === "string" ? value : this.problem(name, "a text");
  }

  /** True or false; old servers also say 1 and 0. */
  flag(name: string): boolean | null {
    const value = this.given(name);
    if (value === undefined) return null;
    if (typeof value === "boolean") return value;
    return value === 1 || value === 0 ? value === 1 : this.problem(name, "true or false");
  }

  /** An instant; 1970-01-01T00:00:00Z is MongoDB's "never". Others must lie between 2000 and tomorrow. */
  date(name: string): Date | null {
    const value = this.given(name);
    if (value === undefined) return null;
    const date = value instanceof Date ? value : typeof value === "string" ? instantOf(value) : null;
    if (!date) return this.problem(name, "a date");
    const at = date.getTime();
    if (at === goNever) return new Date(0);
    if (at === 0 || (at >= earliest && at <= this.now.getTime() + day)) return date;
    return this.problem(name, "a date between 2000 and tomorrow (seconds taken for milliseconds?)");
  }

  /** Seconds of an optime: a timestamp (before 3.2) or `{ts, t}`. */
  optimeSeconds(name: string): number | null {
    const value = this.given(name);
    if (value === undefined) return null;
    const timestamp = isDocument(value) ? value["ts"] : value;
    if (timestamp instanceof Date) return Math.floor(timestamp.getTime() / 1000);
    if (typeof timestamp === "number" && timestamp >= packedFrom && timestamp < 2 ** 64)
      return Math.floor(timestamp / 2 ** 32);
    return timestamp instanceof Timestamp ? timestamp.t : this.problem(name, "an optime");
  }

  /** The fields of a nested document; null where absent. */
  nested(name: string): Fields | null {
    const value = this.given(name);
    if (value === undefined) return null;
    return isDocument(value) ? this.inside(value, name) : this.problem(name, "a document");
  }

  /** The fields of each document in a list; null where absent. */
  list(name: string): Fields[] | null {
    const value = this.given(name);
    if (value === undefined) return null;
    if (!Array.isArray(value)) return this.problem(name, "a list");
    return value.map((element, index) =>
      this.inside(isDocument(element) ? element : this.refused(`${name}[${index}]`), `${name}[${index}]`),
    );
  }

  private inside(value: Document, name: string): Fields {
    return new Fields(value, this.path ? `${this.path}.${name}` : name, this.problems, this.now);
  }

  private given(name: string): Value | undefined {
    const value = Object.hasOwn(this.document, name) ? this.document[name] : undefined;
    if (value === null) return undefined;
    return value instanceof Opaque ? this.opaque(name, value) : value;
  }

  private opaque(name: string, value: Opaque): undefined {
    this.problem(name, `readable (it is of type ${value.kind})`);
    return undefined;
  }

  private refused(name: string): Document {
    this.problem(name, "a document");
    return Object.create(null) as Document;
  }

  private problem(name: string, expected: string): null {
    this.problems.push(`${this.path ? `${this.path}.` : ""}${name} is not ${expected}`);
    return null;
  }
}
