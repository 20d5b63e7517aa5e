import assert from "node:assert/strict";
import { splitLinks } from "../../lib/report/links.js";
import { renderHtml } from "../../lib/report/html.js";
import { renderMarkdown } from "../../lib/report/markdown.js";
import { renderText } from "../../lib/report/text.js";
import { routePlan } from "./hand-built.js";

const link =
  "https://github.com/spectrocloud/librarium/blob/1f25b4461f3d371629b68c2700a60ac7916d56b6/_partials/self-hosted/_helm-client-version.mdx";

describe("links of citations", () => {
  const cases: [text: string, parts: [text: string, isLink: boolean][]][] = [
    ["no link at all", [["no link at all", false]]],
    [
      `A: ${link}, read`,
      [
        ["A: ", false],
        [link, true],
        [", read", false],
      ],
    ],
    [
      `${link}. B`,
      [
        [link, true],
        [". B", false],
      ],
    ],
    ["https://example.com/a_b", [["https://example.com/a_b", false]]],
  ];
  for (const [text, parts] of cases) {
    it(`${text.slice(0, 30)} has ${parts.filter(([, isLink]) => isLink).length}`, () =>
      assert.deepEqual(
        splitLinks(text).map((part) => [part.text, part.isLink]),
        parts,
      ));
  }

  const plan = routePlan(["4.6.41", "4.7.20"]);
  const shown: [format: string, text: string, written: string][] = [
    ["text", renderText(plan), `whole page: ${link}`],
    ["Markdown", renderMarkdown(plan), `<${link}>`],
    ["HTML", renderHtml(plan), `<a href="${link}">${link}</a>`],
  ];
  for (const [format, text, written] of shown) {
    it(`${format} opens the page at its commit, of an advisory and of the matrix, and names no id of an index`, () => {
      assert.ok(text.replace(/\s+/g, " ").includes(written), format);
      assert.match(text, /blob\/0123456789abcdef0123456789abcdef01234567\/docs\/upgrade\.md/);
      assert.doesNotMatch(text, /\bat id \d/);
    });
  }
});
