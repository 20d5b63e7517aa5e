import { InvalidInputError } from "../../../base/errors/errors.js";
import { detectOtherShape } from "./other-shapes.js";

const maxBytes = 8_000_000;
const next =
  "Give the Markdown source of the vendor's upgrade page, fetched whole (spectrocloud/librarium, docs/docs-content/…/upgrade.md).";

/** Matches a line nested in more than 100 quotations and lists: no real page, and too deep for a recursive parser. */
const tooDeep = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])[ \t])){100}/m;

/**
 * Decodes the bytes of a page.
 * @throws InvalidInputError PAGE_BINARY, PAGE_TRUNCATED (a character cut in two) or PAGE_TOO_LARGE.
 */
export function decodePage(bytes: Uint8Array): string {
  if (bytes.length > maxBytes) throw createPageError("PAGE_TOO_LARGE", `it has ${bytes.length} bytes`);
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  for (const cut of [1, 2, 3]) {
    if (decodeUtf8(bytes.subarray(0, -cut)) !== undefined) {
      throw new InvalidInputError("PAGE_TRUNCATED", "The page is cut off in the middle of its last character.", {
        next,
      });
    }
  }
  throw createPageError("PAGE_BINARY", `its bytes are not UTF-8 text (they begin ${toHexadecimal(bytes)})`);
}

/**
 * Rejects a text that is not a Markdown page.
 * @throws InvalidInputError PAGE_EMPTY, PAGE_LFS_POINTER, PAGE_BINARY, PAGE_OTHER_FORMAT or PAGE_TOO_DEEP, saying what
 * was found.
 */
export function requirePage(text: string): void {
  const start = text.slice(0, 400).trimStart();
  if (text.trim() === "")
    throw createPageError("PAGE_EMPTY", text === "" ? "it is empty" : "it holds nothing but blanks");
  if (start.startsWith("version https://git-lfs")) {
    throw new InvalidInputError("PAGE_LFS_POINTER", "This is a Git LFS pointer, not the page it points to.", {
      next: "Fetch the page itself, for example with `git lfs pull`.",
    });
  }
  const strange = [...text.matchAll(/[\0-\x08\x0e-\x1f\ufffd]/g)];
  if (strange.some(([char]) => char !== "\ufffd") || strange.length * 100 > text.length) {
    throw createPageError(
      "PAGE_BINARY",
      `it holds ${strange.length} bytes that are no text, the first at ${strange[0]?.index}`,
    );
  }
  const format = detectOtherShape(text);
  if (format !== undefined) throw createPageError("PAGE_OTHER_FORMAT", `it is ${format}`);
  const deep = tooDeep.exec(text);
  if (deep !== null) {
    const line = text.slice(0, deep.index).split("\n").length;
    throw createPageError("PAGE_TOO_DEEP", `line ${line} lies in more than 100 quotations and lists`);
  }
}

function createPageError(code: string, found: string): InvalidInputError {
  return new InvalidInputError(code, `This is not an upgrade page: ${found}.`, { next });
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function toHexadecimal(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 4)).toString("hex");
}
