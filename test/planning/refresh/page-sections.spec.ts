import assert from "node:assert/strict";
import { findCitedText, splitSections } from "../../../lib/planning/refresh/page-sections.js";

const page = [
  "---",
  "title: Release Notes",
  "---",
  "",
  "Words of the start.",
  "",
  "## May 2, 2026 - Release 4.9.51 {#r51}",
  "",
  "### Bug Fixes",
  "",
  "- Fifty-one.",
  "",
  "## April 1, 2026 - Release 4.9.5",
  "",
  "### Bug Fixes",
  "",
  "- Five.",
  "",
  "### VerteX",
  "",
  "#### Bug Fixes",
  "",
  "- VerteX five.",
  "",
  "```",
  "## No Heading",
  "```",
  "",
  "## `configserver` Stuck, or Slow",
  "",
  "{/* ## Hidden */}",
  "",
  "Wait.",
].join("\n");

describe("sections of a source", () => {
  for (const [cited, expected] of [
    ["introduction", "--- title: Release Notes --- Words of the start."],
    ["Release 4.9.5, VerteX, Bug Fixes", "#### Bug Fixes - VerteX five. ``` ## No Heading ```"],
    ["Release 4.9.51, Bug Fixes", "### Bug Fixes - Fifty-one."],
    ["release 4.9.51", "## May 2, 2026 - Release 4.9.51 {#r51} ### Bug Fixes - Fifty-one."],
    ["configserver Stuck, or Slow", "## `configserver` Stuck, or Slow {/* ## Hidden */} Wait."],
    ["Release 4.9.51, Kubernetes, 4.9", "## May 2, 2026 - Release 4.9.51 {#r51} ### Bug Fixes - Fifty-one."],
    ["Release 4.9", undefined],
    ["Release 4.9.1", undefined],
    ["No Heading", undefined],
    ["Hidden", undefined],
  ] as const) {
    it(`${cited}: ${expected === undefined ? "none" : "its text"}`, () => {
      assert.equal(findCitedText(splitSections(page, "docs/notes.md"), cited), expected);
    });
  }

  it("a section cited by name holds all sections of that name", () => {
    const text = findCitedText(splitSections(page, "docs/notes.md"), "Release 4.9.5, Bug Fixes");
    assert.equal(text, "### Bug Fixes - Five. #### Bug Fixes - VerteX five. ``` ## No Heading ```");
  });

  it("the whole page is all of it, white space aside; what is no Markdown is one section", () => {
    const whole = page.replace(/\s+/g, " ");
    assert.equal(findCitedText(splitSections(page, "docs/notes.md"), "whole page"), whole);
    assert.deepEqual(splitSections("a: 1\n## b\n", "eol.yaml"), [{ titles: [], own: "a: 1 ## b", all: "a: 1 ## b" }]);
  });
});
