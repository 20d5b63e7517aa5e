import fc from "fast-check";
import assert from "node:assert/strict";
import { createColours } from "../../../lib/base/text/colours.js";
import { clipText, toOneLine, toPrintable, toShown } from "../../../lib/base/text/shown.js";

/** Ends a line, hides, moves the cursor or turns the writing direction. */
const forging = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
/** As the runners of GitHub, Gitea, Azure and TeamCity look for commands. */
const command = /^\s*::|##\[|##vso\[|##teamcity\[/im;

const cases: [title: string, text: string, shown: string][] = [
  ["a line erased and written anew", "bad\u001b[2K\rPASS", "bad\\u001b[2K\\u000dPASS"],
  ["a colour of the site's own", "\u001b[32mok\u001b[0m", "\\u001b[32mok\\u001b[0m"],
  ["C1's control sequence introducer", "\u009b2J", "\\u009b2J"],
  ["a title of the window", "\u001b]0;x\u0007", "\\u001b]0;x\\u0007"],
  ["a writing direction turned", "a\u202eb\u2066c", "a\\u202eb\\u2066c"],
  ["backspaces", "fail\b\b\b\bpass", "fail\\u0008\\u0008\\u0008\\u0008pass"],
  ["a workflow command", "::error::x", "\\u003a:error::x"],
  ["one behind spaces and a tab", "a\n \t::set-output name=x::y", "a\n \t\\u003a:set-output name=x::y"],
  ["one behind a carriage return", "a\r::add-mask::b", "a\\u000d::add-mask::b"],
  ["one behind a no-break space", "\u00a0::stop-commands::t", "\u00a0\\u003a:stop-commands::t"],
  ["GitHub's older command, anywhere", "a ##[error]b", "a \\u0023#[error]b"],
  ["Azure's command", "##vso[task.complete result=Succeeded;]", "\\u0023#vso[task.complete result=Succeeded;]"],
  ["Azure's command in capitals", "##VSO[task]", "\\u0023#VSO[task]"],
  ["TeamCity's command behind a third sign", "###teamcity[x]", "#\\u0023#teamcity[x]"],
];

const harmless = ["a::b", "Gate x: pass", "# a\n## b", "a\tb\n", "12 °C – “ü” 日本 🙂", "[##]", "code: [x]", "a: :b"];

describe("text that leaves the process", () => {
  for (const [title, text, shown] of cases) {
    it(title, () => assert.equal(toShown(text), shown));
  }

  for (const text of harmless) it(`${JSON.stringify(text)} stays as it is`, () => assert.equal(toShown(text), text));

  it("Windows' line ends are line ends", () => assert.equal(toShown("a\r\nb"), "a\nb"));

  it("colours are this process's own, and never of a text inside", () => {
    const { red, bold } = createColours(true);
    assert.equal(
      toShown(`${bold(red("no\u001b[32m"))} a::`),
      "\u001b[1m\u001b[31mno\\u001b[32m\u001b[39m\u001b[22m a::",
    );
    assert.equal(toShown(`  ${red("::error::x")}`), "  \u001b[31m\\u003a:error::x\u001b[39m");
    assert.equal(toShown(createColours(false).red("no")), "no");
  });

  const hostile = fc
    .array(
      fc.oneof(
        fc.constantFrom(..."\u001b\u009b\r\n\t \u00a0\u0085\u2028\u202e:#["),
        fc.constantFrom("::", "##[", "##vso[", "##teamcity[", "\u001b[31m", "error"),
        fc.string({ unit: "binary", maxLength: 5 }),
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(""));

  it("no line starts a command and no control character is left, whatever the text", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = toShown(text);
        assert.doesNotMatch(shown, forging);
        assert.doesNotMatch(shown, command);
        assert.equal(toShown(shown), shown);
        assert.doesNotMatch(toPrintable(text), forging);
      }),
      { numRuns: 2000 },
    );
  });

  it("JSON says the same before and after", () => {
    fc.assert(
      fc.property(fc.dictionary(hostile, hostile), fc.constantFrom(0, 2), (value, indent) => {
        const shown = toShown(JSON.stringify(value, null, indent));
        assert.deepEqual(JSON.parse(shown), JSON.parse(JSON.stringify(value)));
        assert.doesNotMatch(shown, forging);
        assert.doesNotMatch(shown, command);
      }),
      { numRuns: 500 },
    );
  });

  it("takes time in proportion to the text", () => {
    for (const piece of [" ", "\t \n", "::", "##", "\r", "\u001b[31m", "\u2028"]) {
      const start = performance.now();
      toShown(piece.repeat(400_000 / piece.length));
      assert.ok(performance.now() - start < 5_000, JSON.stringify(piece));
    }
  });

  it("one line of several, and a long text with what is left out", () => {
    assert.equal(toOneLine(" a\nGate x: pass\t b\r\n"), "a Gate x: pass b");
    assert.equal(clipText("abcdef", 4), "abcd … (2 more characters)");
    assert.equal(clipText("abcd", 4), "abcd");
    assert.equal(clipText("abc🙂", 4), "abc … (1 more characters)");
  });
});
