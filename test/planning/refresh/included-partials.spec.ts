import assert from "node:assert/strict";
import type { Citation } from "../../../lib/planning/refresh/citations.js";
import { compareSources, type Snapshot } from "../../../lib/planning/refresh/compare-sources.js";
import { collectPartials, listIncludes } from "../../../lib/planning/refresh/included-partials.js";

const named = (name: string, ...lines: string[]): { path: string; text: string } => ({
  // As the vendor has it: the file may be named otherwise than the partial.
  path: `_partials/own/_file-of-${name}.mdx`,
  text: ["---", "partial_category: own", `partial_name: "${name}"`, "---", "", ...lines].join("\n"),
});
const tag = (name: string): string => `<PartialsComponent category="own" name="${name}" />`;

describe("what a page includes", () => {
  for (const [what, text, expected] of [
    ["a component", `Words.\n\n- ${tag("a")}\n`, ["own/a"]],
    [
      "one over several lines",
      '<PartialsComponent\n  category="own"\n  name={"a"}\n  edition="Palette"\n/>\n',
      ["own/a"],
    ],
    ["one in a tab", `<TabItem label="x">\n\n${tag("a")}\n\n</TabItem>\n`, ["own/a"]],
    ["an import", 'import A from "@site/_partials/own/_a.mdx";\n\n<A />\n', ["_partials/own/_a.mdx"]],
    ["two", `${tag("a")}\n\n${tag("b")}\n`, ["own/a", "own/b"]],
    ["negative twin: one in a comment", `{/* ${tag("a")} */}\n`, []],
    ["negative twin: one in code", `\`\`\`mdx\n${tag("a")}\n\`\`\`\n`, []],
    ["negative twin: another component", '<VersionedLink text="own" name="a" />\n', []],
  ] as const) {
    it(what, () => {
      const found = listIncludes(text).map((each) => ("path" in each ? each.path : `${each.category}/${each.name}`));
      assert.deepEqual(found, expected);
    });
  }

  it("is followed through partials, a circle once, and what is not there is said", () => {
    const partials = [named("a", tag("b"), tag("lost")), named("b", tag("a"))];
    assert.deepEqual(
      collectPartials(`- ${tag("a")}\n`, partials).map(({ label, tag: by, file }) => [label, by, file?.path]),
      [
        ["own/a", tag("a"), "_partials/own/_file-of-a.mdx"],
        ["own/b", tag("a"), "_partials/own/_file-of-b.mdx"],
        ["own/lost", tag("a"), undefined],
      ],
    );
  });

  for (const [what, frontMatter, isFound] of [
    ["its names", ["partial_category: own", "partial_name: a"], true],
    [
      "its names in quotes, with a comment, another key between",
      ["partial_name: 'a' # so", "title: x", 'partial_category: "own"'],
      true,
    ],
    ["its names over two lines", ["partial_category:", "  own", "partial_name:", "  a"], true],
    ["negative twin: another name", ["partial_category: own", "partial_name: ab"], false],
    ["negative twin: another category", ["partial_category: owns", "partial_name: a"], false],
    ["negative twin: no category", ["partial_name: a"], false],
    ["negative twin: names of another key", ["more:", "  partial_category: own", "  partial_name: a"], false],
    ["negative twin: no YAML", ["partial_category: own", "partial_name: a", "title: [x"], false],
  ] as const) {
    it(`a partial is found by ${what}`, () => {
      const file = { path: "_partials/x.mdx", text: ["---", ...frontMatter, "---", "", "Words."].join("\n") };
      assert.equal(collectPartials(tag("a"), [file])[0]?.file, isFound ? file : undefined);
    });
  }

  it("negative twin: names below the front matter are no names", () => {
    const text = ["---", "title: x", "---", "", "partial_category: own", "partial_name: a", "", "---"].join("\n");
    assert.equal(collectPartials(tag("a"), [{ path: "_partials/x.mdx", text }])[0]?.file, undefined);
  });
});

describe("a refresh follows what a watched page includes", () => {
  const page = ["# Guide", "", "## One", "", tag("a"), "", "## Two", "", "Words.", ""].join("\n");
  const cite = (row: string, section: string): Citation => ({
    ...{ row, section, concerns: "" },
    ...{ repository: "vendor/docs", path: "guide.md", commit: "then" },
  });
  const both = [cite("one", "One"), cite("two", "Two")];
  const compare = (
    then: Snapshot["listPartials"] extends (...given: never) => infer Files ? Files : never,
    now: typeof then,
    cited = both,
  ): { changes: unknown[]; open: unknown[] } => {
    const { changes, open } = compareSources(cited, new Map([["vendor/docs", "now"]]), {
      read: () => ({ kind: "text", text: page }),
      listPartials: (_, commit) => (commit === "now" ? now : then),
    });
    return {
      changes: changes.map(({ what, path, section, read, now: at, rows }) => [
        what,
        ...[path, section, read, at],
        rows.map(({ row }) => row),
      ]),
      open: open.map(({ row, reason, isLoud }) => [row, reason, isLoud]),
    };
  };
  const a = named("a", "Old.", tag("b"));

  it("a changed partial is reported, by its own path, for the rows whose section includes it", () =>
    assert.deepEqual(compare([a, named("b", "x")], [named("a", "New.", tag("b")), named("b", "x")]), {
      changes: [["changed", a.path, "whole page", "then", "now", ["one"]]],
      open: [],
    }));

  it("a changed partial of a partial, too", () =>
    assert.deepEqual(compare([a, named("b", "x")], [a, named("b", "y")]).changes, [
      ["changed", "_partials/own/_file-of-b.mdx", "whole page", "then", "now", ["one"]],
    ]));

  it("where no cited section includes it, for all rows that cite the page", () =>
    assert.deepEqual(compare([a, named("b", "x")], [a, named("b", "y")], [cite("two", "Two")]).changes, [
      ["changed", "_partials/own/_file-of-b.mdx", "whole page", "then", "now", ["two"]],
    ]));

  it("negative twin: white space is no change", () =>
    assert.deepEqual(compare([a, named("b", "x  y")], [a, named("b", "x", "y")]), { changes: [], open: [] }));

  it("a partial that today's snapshot lacks is loud; one that only the older one lacks is listed", () => {
    assert.deepEqual(compare([a, named("b", "x")], [a], [cite("one", "One")]).open, [
      ["one", "it includes own/b, which was not found", true],
    ]);
    assert.deepEqual(compare([a], [a, named("b", "x")], [cite("one", "One")]), {
      changes: [],
      open: [["one", "it included own/b, whose text of then was not found", false]],
    });
  });
});
