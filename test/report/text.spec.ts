import fc from "fast-check";
import assert from "node:assert/strict";
import { toShown } from "../../lib/base/text/shown.js";
import { formatHopNumbers } from "../../lib/report/outline.js";
import { wrap } from "../../lib/report/text-lines.js";
import { renderText } from "../../lib/report/text.js";
import { refusedPlan, routePlan } from "./hand-built.js";

const escapes = /\u001b\[/;

describe("report: text", () => {
  it("colour only where it is asked for, and the same words with and without", () => {
    const plan = routePlan(
      ["4.6.41", "4.7.20"],
      {},
      { warnings: [{ code: "STRANDED", message: "Nothing leads on." }] },
    );
    const coloured = toShown(renderText(plan, { colour: true }));
    assert.match(coloured, escapes);
    assert.doesNotMatch(renderText(plan), escapes);
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ""), renderText(plan));
  });

  it("names every gate, act and advisory of a hop, and says each once", () => {
    const plan = routePlan(["4.6.36", "4.6.41", "4.7.20"]);
    const text = renderText(plan).replace(/\s+/g, " ");
    for (const hop of plan.hops) {
      for (const { because } of hop.gates) assert.equal(text.split(because).length, 2, because);
      for (const act of hop.acts) assert.ok(text.includes(act.name) && text.includes(act.text), act.name);
      for (const { id, summary } of hop.advisories) assert.equal(text.split(summary).length, 2, id);
    }
  });

  it("a skipped minor stands at its hop", () => {
    const plan = routePlan(["4.4.24", "4.6.41"]);
    plan.hops[0]!.skips = ["4.5"];
    assert.match(renderText(plan), / 1 {2}4\.4\.24 -> 4\.6\.41 {2}minor to 4\.6, skips 4\.5\n/);
  });

  it("a refusal shows its code, its sentence and every list it has", () => {
    const text = renderText(refusedPlan());
    assert.match(text, /^Palette 4\.6\.43 -> 4\.7\.20: refused\n/);
    assert.match(text, /^NO_ROUTE {2}No supported row leads from 4\.6\.43 on\.$/m);
    assert.match(text, /^ {2}reachable {18}nothing$/m);
    assert.match(text, /^ {2}routes end at {14}4\.6\.43$/m);
    assert.match(text, /^ {2}nearest that reach 4\.7\.20 {2}4\.6\.41, 4\.7\.3$/m);
    assert.match(text, /4\.1\.x -> 4\.3\.6 unsupported \(section 4\.3\.x and Prior, line 265\)/);
    assert.match(text, /palette-vmware-4\.8\.21: 4\.6\.43 -> 4\.7\.20; not valid for this\s+installation/);
    assert.doesNotMatch(text, /Hops/);
  });

  it("an empty list of a refusal is left out, a row without line and section shows neither", () => {
    const text = renderText(
      refusedPlan({
        nearMisses: [],
        otherMatrices: [],
        refusedBy: [{ from: "4.1.7", to: "4.3.6", mark: "conditional", section: "", line: null }],
      }),
    );
    assert.doesNotMatch(text, /not to be taken for|another matrix/);
    assert.match(text, /refused by row {5,}4\.1\.7 -> 4\.3\.6 conditional$/m);
  });

  it("nothing to do says so", () => {
    assert.match(renderText(routePlan(["4.7.20"])), /^Palette 4\.7\.20: nothing to do, it is what was asked for\n/);
  });

  it("VerteX is called by its name, and one hop is one hop", () => {
    const plan = routePlan(["4.6.41", "4.7.20"]);
    plan.matrix = { ...plan.matrix, edition: "vertex" };
    assert.match(renderText(plan), /^Palette VerteX 4\.6\.41 -> 4\.7\.20: 1 hop\n/);
  });

  it("no line is longer than the width asked for, save single words", () => {
    for (const width of [60, 100]) {
      const lines = renderText(routePlan(["4.6.36", "4.6.41", "4.7.20"]), { colour: false, width }).split("\n");
      const long = lines.filter((line) => line.length > width && line.trim().includes(" "));
      assert.deepEqual(long, []);
    }
  });
});

describe("report: words", () => {
  const cases: [numbers: number[], expected: string][] = [
    [[2], "hop 2"],
    [[2, 2], "hop 2"],
    [[1, 2, 3], "hops 1-3"],
    [[1, 2, 3, 5, 7, 8], "hops 1-3, 5, 7-8"],
  ];
  for (const [numbers, expected] of cases) {
    it(`${numbers.join(" ")} is ${expected}`, () => assert.equal(formatHopNumbers(numbers), expected));
  }

  it("wrapping keeps every word in order and never exceeds the width but for one long word", () => {
    const word = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !/\s/.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 5, max: 40 }), (words, width) => {
        const lines = wrap(words.join(" "), width);
        assert.deepEqual(lines.join(" ").split(" "), words);
        for (const line of lines) assert.ok(line.length <= width || !line.includes(" "));
      }),
    );
  });
});
