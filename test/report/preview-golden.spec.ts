import { renderPreviewMarkdown } from "../../lib/report/preview-markdown.js";
import { renderPreviewText } from "../../lib/report/preview-text.js";
import { matchGolden } from "./golden.js";
import { reports } from "./preview-reports.js";

describe("golden previews", () => {
  for (const [name, report] of Object.entries(reports)) {
    it(`${name} as text`, () => matchGolden(`../previews/${name}.txt`, renderPreviewText(report)));
    it(`${name} as Markdown`, () => matchGolden(`../previews/${name}.md`, renderPreviewMarkdown(report)));
  }
});
