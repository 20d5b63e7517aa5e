import assert from "node:assert/strict";
import { renderPreviewMarkdown } from "../../../../lib/program/preview/render/markdown.js";
import { renderPreviewText } from "../../../../lib/program/preview/render/text.js";
import { hopReport } from "./reports.js";

const tool = "palette-upgrade 1.2.3 (commit 1a2b3c4d5e6f)";

describe("preview: the tool that made it", () => {
  const renderers = {
    text: (report: ReturnType<typeof hopReport>) => renderPreviewText(report, { colour: false, width: 120 }),
    markdown: (report: ReturnType<typeof hopReport>) => renderPreviewMarkdown(report).replace(/\\/g, ""),
  };
  for (const [format, render] of Object.entries(renderers)) {
    it(`${format} shows it once, and nothing of it unless it is given`, () => {
      assert.equal(render(hopReport({ tool })).split(tool).length, 2);
      assert.ok(!render(hopReport()).includes("made by"));
    });
  }
});
