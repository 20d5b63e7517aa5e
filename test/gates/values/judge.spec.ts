import assert from "node:assert/strict";
import fc from "fast-check";
import semver from "semver";
import { judgeValues, type ReleaseValues } from "../../../lib/gates/values/judge.js";
import { rulesOf } from "../../../lib/plan/rules.js";
import { chart, rows } from "./rows.js";
import { leavesOf } from "../../../lib/charts/value-paths.js";

type Values = Record<string, unknown>;

function judge(change: Partial<ReleaseValues>): string[] {
  const findings = judgeValues({
    role: "hubble",
    name: "hubble",
    stored: {},
    oldChart: chart(),
    newChart: chart(),
    newVersion: "4.7.20",
    overridden: [],
    to: "4.7.20",
    rows: rulesOf("valueKeys"),
    ...change,
  });
  return findings.map(({ outcome, code, member }) => `${outcome} ${code} ${member}`);
}

describe("stored values between two charts", () => {
  for (const [title, change, expected] of rows) it(title, () => assert.deepEqual(judge(change), expected));

  it("says what was seen, what is expected and what to do, and never a value", () => {
    const [finding] = judgeValues({
      role: "hubble",
      name: "palette",
      stored: { config: { secretUrl: "pl4nted-value" } },
      oldChart: chart({ config: { secretUrl: "", other: 1 } }),
      newChart: chart({ config: { other: 1 } }),
      newVersion: "4.7.20",
      overridden: [],
      to: "4.7.20",
      rows: [],
    });
    assert.deepEqual(finding, {
      outcome: "fail",
      code: "LOST_KEY",
      member: "config.secretUrl",
      message:
        'Release "palette": the site sets config.secretUrl itself, but chart 4.7.20 no longer knows it: the setting would be lost. ' +
        "Find what it is called now, set that under palette:values.hubble, then accept this one for the hop.",
    });
  });

  const tree = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
    leaf: fc.oneof(fc.integer(), fc.constantFrom("a/b:v1", "a/b:v2", "x", "")),
    tree: fc.dictionary(
      fc.constantFrom("a", "b", "tag", "image"),
      fc.oneof({ maxDepth: 3 }, tie("leaf"), tie("tree")),
      { maxKeys: 3 },
    ),
  })).tree as fc.Arbitrary<Values>;

  it("a chart that has not changed never blocks", () => {
    fc.assert(
      fc.property(tree, tree, (defaults, stored) => {
        const same = chart(defaults);
        assert.deepEqual(judge({ stored, oldChart: same, newChart: same, rows: [] }), []);
      }),
    );
  });

  it("no leaf's value is in any message, whatever the three sides are", () => {
    const planted = tree.map((values) => JSON.parse(JSON.stringify(values).replaceAll('"x"', '"pl4nted"')) as Values);
    fc.assert(
      fc.property(
        planted,
        tree,
        tree,
        fc.array(fc.constantFrom("a", "a.b", "image")),
        (stored, before, after, overridden) => {
          const findings = judgeValues({
            role: "hubble",
            name: "hubble",
            stored,
            oldChart: chart(before),
            newChart: chart(after),
            newVersion: "2",
            overridden,
            to: "4.7.20",
            rows: rulesOf("valueKeys"),
          });
          assert.doesNotMatch(JSON.stringify(findings), /pl4nted|a\/b:v/);
          const keys = leavesOf(stored).length + overridden.length + 2;
          assert.ok(findings.length <= keys, "each key is told once");
        },
      ),
    );
  });
});

describe("data/value-keys.json", () => {
  it("every range can be read", () => {
    for (const row of rulesOf("valueKeys")) assert.notEqual(semver.validRange(row.gone), null, row.id);
  });
});
