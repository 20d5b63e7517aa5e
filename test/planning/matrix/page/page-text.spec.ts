import assert from "node:assert/strict";
import { decodePage, requirePage } from "../../../../lib/planning/matrix/page/text.js";

const bytes = (text: string): Buffer => Buffer.from(text, "utf8");

describe("decodePage", () => {
  it("UTF-8 is read as it is", () => {
    assert.equal(decodePage(bytes("4.7.3 ✅\n")), "4.7.3 ✅\n");
  });

  for (const cut of [1, 2]) {
    it(`cut ${cut} bytes into a character of three: PAGE_TRUNCATED`, () => {
      const text = bytes("4.7.3 ✅");

      assert.throws(() => decodePage(text.subarray(0, text.length - cut)), {
        code: "PAGE_TRUNCATED",
        exitCode: 2,
        message: "The page is cut off in the middle of its last character.",
      });
    });
  }

  it("other bytes: PAGE_BINARY, showing how they begin", () => {
    assert.throws(() => decodePage(Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff])), {
      code: "PAGE_BINARY",
      message: "This is not an upgrade page: its bytes are not UTF-8 text (they begin 1f8b0800).",
    });
  });

  it("more than a page can be: PAGE_TOO_LARGE", () => {
    assert.throws(() => decodePage(Buffer.alloc(8_000_001, 65)), { code: "PAGE_TOO_LARGE", exitCode: 2 });
  });
});

describe("requirePage", () => {
  for (const [what, text, code] of [
    ["UTF-16", "\ufffd\ufffd4\0.\0", "PAGE_BINARY"],
    ["a text of which much could not be decoded", "4.7.3 \ufffd 4.7.20", "PAGE_BINARY"],
    ["a PDF", "%PDF-1.7\n", "PAGE_OTHER_FORMAT"],
    ["XML", '<?xml version="1.0"?>', "PAGE_OTHER_FORMAT"],
    ["quotations in quotations", `text\n${"> ".repeat(101)}x`, "PAGE_TOO_DEEP"],
    ["lists in lists", "- ".repeat(101), "PAGE_TOO_DEEP"],
  ] as const) {
    it(`${what}: ${code}`, () => {
      assert.throws(() => requirePage(text), { code, exitCode: 2 });
    });
  }

  for (const [what, text] of [
    ["Markdown", "# Palette\n"],
    ["a list of links", "[a](b)\n"],
    ["one character in many that could not be decoded", `${"4.7.3 ".repeat(100)}\ufffd`],
    ["ninety quotations", "> ".repeat(90)],
    ["a long ruling", "-".repeat(500)],
    ["a tab", "\t# Palette\f\n"],
  ] as const) {
    it(`negative twin: ${what} may be a page`, () => {
      assert.doesNotThrow(() => requirePage(text));
    });
  }
});
