import assert from "node:assert/strict";
import { loadShippedMatrices } from "../../../lib/planning/matrix/load.js";
import {
  checkRules,
  countRules,
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
  source: { repository: "example/docs", path: "notes.md", commit: "0123456" },
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
  ];
  for (const [title, rows, fault] of spoilt) {
    it(`names ${title}`, () => {
      const faults = checkRules([file(...rows)], small);
      assert.equal(faults.length, 1, faults.join("\n"));
      assert.ok(faults[0]!.startsWith(`advisories.json: ${fault}`), faults[0]);
    });
  }

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
