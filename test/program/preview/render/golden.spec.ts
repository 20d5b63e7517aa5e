import { renderPreviewMarkdown } from "../../../../lib/program/preview/render/markdown.js";
import { renderPreviewText } from "../../../../lib/program/preview/render/text.js";
import { matchGolden } from "../../../report/golden.js";
import { reports } from "./reports.js";

describe("golden previews", () => {
  for (const [name, report] of Object.entries(reports)) {
    it(`${name} as text`, () => matchGolden(`../previews/${name}.txt`, renderPreviewText(report)));
    it(`${name} as Markdown`, () => matchGolden(`../previews/${name}.md`, renderPreviewMarkdown(report)));
  }
});
