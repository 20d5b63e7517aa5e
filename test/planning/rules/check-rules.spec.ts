import assert from "node:assert/strict";
import { loadShippedMatrices } from "../../../lib/planning/matrix/load.js";
import {
  checkRules,
  countRules,
  listUnknownCommits,
  ruleFiles,
  readShippedRules,
  type RuleText,
} from "../../../lib/planning/rules/check-rules.js";
import { matrixOf } from "../plan/synthetic-matrix.js";

type Row = Record<string, unknown>;

const shipped = readShippedRules();
const advisories = shipped.find(({ name }) => name === "advisories.json")!;
const small = [matrixOf("1.0.0 > 1.1.0\n1.1.0 > 1.2.0")];
const advisory = (more: Row): Row => ({
  id: "a",
  edge: { to: "1.1.0" },
  editions: ["palette"],
  methods: ["kubernetes"],
  facts: {},
  severity: "warning",
  summary: "It needs some care.",
  action: "Take good care.",
  source: { repository: "example/docs", path: "notes.md", commit: "0123456", section: "Notes" },
  readOn: "2026-11-21",
  ...more,
});
const file = (...rows: Row[]): RuleText => ({ ...advisories, text: JSON.stringify({ rows }) });
const unmatched = "a: it is of no hop of a shipped matrix and does not say why (matchesNothingBecause)";

describe("checking rule files", () => {
  it("all shipped ones are in order, and there are as many as said", () => {
    assert.deepEqual(checkRules(shipped, loadShippedMatrices()), []);
    assert.deepEqual(
      shipped.map(({ name }) => name),
      ruleFiles.map((name) => `${name}.json`),
    );
    assert.ok(countRules(advisories) >= 35);
  });

  it("a sound advisory has no fault", () => assert.deepEqual(checkRules([file(advisory({}))], small), []));

  const spoilt: [title: string, rows: Row[], fault: string][] = [
    ["an id used twice", [advisory({}), advisory({})], "a: its id is used in advisories.json already"],
    [
      "a range that is none",
      [advisory({ edge: { from: "before 4.7" } })],
      'a: edge.from "before 4.7" is no range of versions',
    ],
    ["a day that is none", [advisory({ readOn: "2026-02-30" })], "a: readOn 2026-02-30 is no day"],
    ["no known hop", [advisory({ edge: { to: "9.9.9" } })], unmatched],
    ["no known hop of its method", [advisory({ methods: ["vmware"] })], unmatched],
    ["no known hop of its edition", [advisory({ editions: ["vertex"] })], unmatched],
    [
      "a reason for no hop where there is one",
      [advisory({ matchesNothingBecause: "Nothing is known yet." })],
      "a: it says that it is of no hop (matchesNothingBecause), but there is one",
    ],
    [
      "a steering advisory with a source range",
      [advisory({ severity: "avoid", edge: { from: "1.0.0", to: "1.1.0" } })],
      "a: of severity avoid it says where not to stop, so its edge may hold `to` only",
    ],
    ["a severity nobody knows", [advisory({ severity: "mild" })], "schema: /rows/0/severity: must be equal to one of"],
    ["no source", [advisory({ source: undefined })], "schema: /rows/0: must have required property 'source'"],
    [
      "a source without a section",
      [advisory({ source: { repository: "example/docs", path: "notes.md", commit: "0123456" } })],
      "schema: /rows/0/source: must have required property 'section'",
    ],
    [
      "a source that is the id of a search index",
      [advisory({ source: { repository: "example/docs", path: "notes.md", commit: "id 57906", section: "Notes" } })],
      'schema: /rows/0/source/commit: must match pattern "^[0-9a-f]{7,40}$"',
    ],
    [
      "a source with neither a commit nor what it was seen in",
      [advisory({ source: { repository: "example/docs", path: "notes.md", section: "Notes" } })],
      "a: its source notes.md must have either a commit or, where that is not known, seenIn",
    ],
    [
      "a source with both",
      [
        advisory({
          source: { ...(advisory({}).source as object), seenIn: "the notes of last August" },
        }),
      ],
      "a: its source notes.md must have either a commit or, where that is not known, seenIn",
    ],
  ];
  for (const [title, rows, fault] of spoilt) {
    it(`names ${title}`, () => {
      const faults = checkRules([file(...rows)], small);
      assert.equal(faults.length, 1, faults.join("\n"));
      assert.ok(faults[0]!.startsWith(`advisories.json: ${fault}`), faults[0]);
    });
  }

  it("lists the rows whose source has no known commit, and no other", () => {
    const unknown = {
      repository: "example/docs",
      path: "notes.md",
      seenIn: "the notes of last August",
      section: "Notes",
    };
    const rows = file(advisory({}), advisory({ id: "b", source: unknown }));
    assert.deepEqual(checkRules([rows], small), []);
    assert.deepEqual(listUnknownCommits([rows]), ["advisories.json: b: notes.md, seen in the notes of last August"]);
  });

  it("names a file that is not JSON, and goes on with the next", () => {
    const faults = checkRules([{ ...advisories, text: "{" }, file(advisory({ readOn: "2026-13-01" }))], small);
    assert.match(faults[0]!, /^advisories\.json: is not JSON: /);
    assert.equal(faults[1], "advisories.json: a: readOn 2026-13-01 is no day");
  });

  it("an explained advisory without a hop is in order", () =>
    assert.deepEqual(
      checkRules([file(advisory({ edge: { to: "9.9.9" }, matchesNothingBecause: "It is still to come." }))], small),
      [],
    ));
});
