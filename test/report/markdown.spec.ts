import assert from "node:assert/strict";
import { renderMarkdown } from "../../lib/report/markdown.js";
import { refusedPlan, routePlan } from "./hand-built.js";

const longRoute = Array.from({ length: 400 }, (_, i) => `4.6.${i}`);
const count = (text: string, part: RegExp): number => (text.match(part) ?? []).length;

describe("report: Markdown", () => {
  it("says what matters first and folds the rest", () => {
    const text = renderMarkdown(
      routePlan(["4.6.41", "4.7.20"], {}, { warnings: [{ code: "DEAD_END", message: "4.7.20 is one." }] }),
    );
    const places = [
      "### Palette 4.6.41 → 4.7.20: 1 hop",
      "**DEAD_END** 4.7.20 is one.",
      "| 1 | 4.6.41 → 4.7.20 | minor to 4.7 |",
      "<details>",
    ].map((part) => text.indexOf(part));
    assert.ok(!places.includes(-1), places.join());
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.equal(count(text, /<details>/g), count(text, /<\/details>/g));
    assert.doesNotMatch(text, /Cut:/);
  });

  it("a route of 399 hops stays under 60,000 characters, with a notice of what was cut", () => {
    const text = renderMarkdown(routePlan(longRoute));
    assert.ok(text.length < 60_000, `${text.length}`);
    assert.ok(text.includes("| 1 | 4.6.0 → 4.6.1 |"));
    assert.match(text, /> \*\*Cut:\*\* \d+ lines were left out to stay below 60000 characters\. Use `--output text`/);
  });

  it("a cut falls between items: folds are closed and no row is torn", () => {
    const whole = renderMarkdown(routePlan(longRoute.slice(0, 30)));
    const lines = new Set(whole.split("\n"));
    for (let limit = 900; limit < whole.length; limit += 777) {
      const text = renderMarkdown(routePlan(longRoute.slice(0, 30)), limit);
      assert.ok(text.length <= limit, `${text.length} > ${limit}`);
      assert.equal(count(text, /<details>/g), count(text, /<\/details>/g));
      const torn = text.split("\n").filter((line) => !lines.has(line) && !line.startsWith("> **Cut:**"));
      assert.deepEqual(torn, []);
      assert.match(text, /> \*\*Cut:\*\*/);
    }
  });

  it("a refusal lists what there is instead", () => {
    const text = renderMarkdown(refusedPlan());
    assert.match(text, /^### Palette 4\.6\.43 → 4\.7\.20: refused\n\n\*\*NO_ROUTE\*\* No supported row/);
    assert.match(text, /- nearest that reach 4\.7\.20: 4\.6\.41, 4\.7\.3\n/);
  });

  it("the data's own signs never become markup", () => {
    const text = renderMarkdown(refusedPlan({ message: "a | b <script> **bold** [x](y)\nnext" }));
    assert.ok(text.includes("a \\| b &lt;script&gt; \\*\\*bold\\*\\* \\[x\\](y) next"), text);
  });
});
