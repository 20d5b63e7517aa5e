import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../../lib/base/process/package-root.js";
import { loadShippedMatrices } from "../../../lib/planning/matrix/load.js";
import { ruleFiles } from "../../../lib/planning/rules/check-rules.js";
import { citeSource, linkSource } from "../../../lib/planning/rules/citation.js";
import { type Source } from "../../../lib/planning/rules/types.js";

const page = { repository: "example/docs", path: "docs/notes.md", section: "Upgrade Notes" };

/** Every source of the rule files, wherever it stands in its row. */
function collectSources(value: unknown): Source[] {
  if (typeof value !== "object" || value === null) return [];
  const below = Object.values(value).flatMap(collectSources);
  return "repository" in value && "path" in value ? [value as Source, ...below] : below;
}

describe("citations", () => {
  const cases: [title: string, source: Source, cited: string][] = [
    [
      "the section and the page at its commit",
      { ...page, commit: "0123456" },
      "Upgrade Notes: https://github.com/example/docs/blob/0123456/docs/notes.md",
    ],
    [
      "the newest page and what it was seen in, where the commit is not known",
      { ...page, seenIn: "the notes of last August" },
      "Upgrade Notes: https://github.com/example/docs/blob/HEAD/docs/notes.md (seen in the notes of last August; its commit is not known)",
    ],
    [
      "a path with signs that would end a link",
      { ...page, path: "a b/(c)'d.md", commit: "0123456" },
      "Upgrade Notes: https://github.com/example/docs/blob/0123456/a%20b/%28c%29%27d.md",
    ],
  ];
  for (const [title, source, cited] of cases) it(`name ${title}`, () => assert.equal(citeSource(source), cited));

  it("every source of data/ has a path, a section, and a commit or what it was seen in", () => {
    const files = ruleFiles.map((name) => readFileSync(join(findPackageRoot(), "data", `${name}.json`), "utf8"));
    const sources = files.flatMap((text) => collectSources(JSON.parse(text)));
    assert.ok(sources.length >= 300, `sources: ${sources.length}`);
    for (const source of sources) {
      assert.match(
        linkSource(source),
        /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/blob\/(HEAD|[0-9a-f]{7,40})\/[\w./%~-]+$/,
      );
      assert.ok(source.section.length > 0, linkSource(source));
      assert.equal(source.commit === undefined, source.seenIn !== undefined, linkSource(source));
    }
  });

  it("every shipped matrix links its page at a full commit", () => {
    for (const { id, source } of loadShippedMatrices())
      assert.match(linkSource(source), /^https:\/\/github\.com\/spectrocloud\/librarium\/blob\/[0-9a-f]{40}\//, id);
  });
});
