import assert from "node:assert/strict";
import { importRows } from "../../../../lib/planning/matrix/page/import-rows.js";

const source = { repo: "owner/name", path: "docs/upgrade.md", commit: "abc" };

function read(rows: Record<string, unknown[]>): ReturnType<typeof importRows> {
  return importRows(JSON.stringify({ source, edition: "vertex", rows }), "rows.json");
}

describe("importRows", () => {
  it("gives a matrix for each method, without lines, with the source of the file", () => {
    const page = read({
      vmware: [["4.7.3", "4.7.20", true, "4.7.x"]],
      kubernetes: [
        ["4.1.x", "4.3.6", false, ""],
        ["4.1.x", "4.3.6", false, "again"],
      ],
    });

    assert.deepEqual(page.source, { repository: "owner/name", path: "docs/upgrade.md", commit: "abc" });
    assert.deepEqual(
      page.matrices.map(({ edition, method, rows, counts }) => [edition, method, rows, counts.duplicates]),
      [
        ["vertex", "kubernetes", [{ from: "4.1.x", to: "4.3.6", mark: "unsupported", section: "", line: null }], 1],
        ["vertex", "vmware", [{ from: "4.7.3", to: "4.7.20", mark: "supported", section: "4.7.x", line: null }], 0],
      ],
    );
  });

  it("leaves out, by name, what is no row; the counts add up", () => {
    const page = read({
      vmware: [
        ["4.7.3", "4.7.a", true, ""],
        ["4.7.3", "4.7.20", "yes", ""],
        ["4.7.20", "4.7.3", true, ""],
        ["4.7.3", "4.7.20", true],
        ["4.7.3", "4.7.20", true, null],
        ["4.7.3", "4.7.20", true, ""],
      ],
    });

    assert.deepEqual(
      page.leftOut.map((row) => `${row.line}: ${row.reason}`),
      [
        '1: "4.7.a" is no release and no wildcard',
        '2: "yes" is neither true nor false',
        "3: its target is not newer than its source",
        "4: expected [from, to, supported, section]",
        "5: section null is no text",
      ],
    );
    assert.deepEqual(
      page.matrices.map(({ counts }) => counts),
      [{ rows: 1, supported: 1, unsupported: 0, conditional: 0, duplicates: 0, leftOut: 5 }],
    );
    assert.equal(page.warnings.length, 5);
  });

  it("a contradiction names both rows", () => {
    const rows = [
      ["4.7.3", "4.7.20", true, ""],
      ["4.7.3", "4.7.20", false, ""],
    ];

    assert.throws(() => read({ vmware: rows }), {
      code: "MATRIX_CONTRADICTION",
      message: "rows.json: 4.7.3 -> 4.7.20 is supported in row 1 of vmware and unsupported in row 2.",
    });
  });

  for (const [what, text, message] of [
    ["no JSON", "rows", /^rows\.json is not JSON: /],
    ["null", "null", "rows.json has no edition."],
    ["no edition", JSON.stringify({ source, rows: { vmware: [] } }), "rows.json has no edition."],
    ["no source", JSON.stringify({ edition: "palette", rows: { vmware: [] } }), "rows.json has no source.repo."],
    [
      "no commit",
      JSON.stringify({ edition: "palette", source: { ...source, commit: 7 }, rows: { vmware: [] } }),
      "rows.json has no source.commit.",
    ],
    [
      "no rows",
      JSON.stringify({ edition: "palette", source, rows: { helm: [] } }),
      "rows.json has no rows for any of kubernetes, vmware, appliance.",
    ],
  ] as const) {
    it(`${what}: ROWS_INVALID`, () => {
      assert.throws(() => importRows(text, "rows.json"), { code: "ROWS_INVALID", exitCode: 2, message });
    });
  }
});
