import assert from "node:assert/strict";
import fc from "fast-check";
import semver from "semver";
import { judgeValues, type ReleaseValues } from "../../../lib/gates/values/judge.js";
import { loadRules } from "../../../lib/planning/rules/rules.js";
import { chart, rows } from "./rows.js";
import { vendorFileRows } from "./vendor-file-rows.js";
import { listLeaves } from "../../../lib/base/text/value-paths.js";

type Values = Record<string, unknown>;

function judge(change: Partial<ReleaseValues>): string[] {
  const findings = judgeValues({
    role: "hubble",
    name: "hubble",
    stored: {},
    oldChart: chart(),
    newChart: chart(),
    newVersion: "4.7.20",
    oldVersion: "4.6.41",
    archive: null,
    absentFile: null,
    overridden: [],
    to: "4.7.20",
    rows: loadRules("value-keys"),
    ...change,
  });
  return findings.map(({ outcome, code, member }) => `${outcome} ${code} ${member}`);
}

function messages(change: Partial<ReleaseValues>): string[] {
  const values: ReleaseValues = {
    role: "hubble",
    name: "hubble",
    stored: {},
    oldChart: chart(),
    newChart: chart(),
    newVersion: "4.7.20",
    oldVersion: "4.6.41",
    archive: null,
    absentFile: null,
    overridden: [],
    to: "4.7.20",
    rows: loadRules("value-keys"),
    ...change,
  };
  return judgeValues(values).map(({ message }) => message);
}

/** So many stored keys that repeat an old default, the last first. */
function manyDefaults(count: number): Partial<ReleaseValues> {
  const keys = Array.from({ length: count }, (_, index) => `k${String(index + 1).padStart(2, "0")}`).reverse();
  const all = (value: string): Record<string, string> => Object.fromEntries(keys.map((key) => [key, value]));
  return { stored: all("1"), oldChart: chart(all("1")), newChart: chart(all("2")) };
}

describe("stored values between two charts", () => {
  for (const [title, change, expected] of [...rows, ...vendorFileRows])
    it(title, () => assert.deepEqual(judge(change), expected));

  it("says what was seen, what is expected and what to do, and never a value", () => {
    const [finding] = judgeValues({
      role: "hubble",
      name: "palette",
      stored: { config: { secretUrl: "pl4nted-value" } },
      oldChart: chart({ config: { secretUrl: "", other: 1 } }),
      newChart: chart({ config: { other: 1 } }),
      newVersion: "4.7.20",
      oldVersion: "4.6.41",
      archive: null,
      absentFile: null,
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

  const said: [title: string, change: Partial<ReleaseValues>, message: string][] = [
    [
      "an image that is kept for want of the vendor's file",
      {
        role: "cert-manager",
        name: "cert-manager",
        stored: { image: { controllerImage: "r.example/controller:v1.11.0" } },
        oldVersion: "1.11.0",
        newVersion: "1.14.4",
        absentFile: "extras/cert-manager/values.yaml",
      },
      'Release "cert-manager": the archive of 4.7.20 has no extras/cert-manager/values.yaml, so Helm keeps the stored values, whose ' +
        "image.controllerImage pins an image that chart 1.14.4 does not name: the old image would run under the new chart. Put the vendor's file into " +
        "the archive, set image.controllerImage under palette:values.cert-manager to the image of 4.7.20, or accept it for the hop.",
    ],
    [
      "a required key, where the vendor's values replace the stored ones",
      { archive: { c: 1 }, newChart: chart({}, '{{ required "b" .Values.a.b }}') },
      "Chart 4.7.20 requires a.b, which neither the vendor's values nor the stack set. Set it under palette:values.hubble.",
    ],
    [
      "an override of a key that is gone",
      { overridden: ["a.b"], oldChart: chart({ a: { b: 1, c: 1 } }), newChart: chart({ a: { c: 1 } }) },
      "palette:values.hubble sets a.b, which chart 4.7.20 no longer knows. Remove it there.",
    ],
    [
      "an override of a key that is known to be without effect: only told, with the reason",
      { overridden: ["nats.enabled"], to: "4.6.12", newVersion: "4.6.12" },
      "palette:values.hubble sets nats.enabled, which chart 4.6.12 no longer knows. BECAUSE Remove it there.",
    ],
    [
      "an old default that has changed",
      { stored: { b: "1", a: "1" }, oldChart: chart({ a: "1", b: "1" }), newChart: chart({ a: "2", b: "2" }) },
      'Release "hubble": 2 stored keys repeat a default that chart 4.7.20 has changed, and keep the old one: a, b.',
    ],
    [
      "a dozen of them",
      manyDefaults(12),
      'Release "hubble": 12 stored keys repeat a default that chart 4.7.20 has changed, and keep the old one: k01, k02, k03, k04, k05, k06, k07, k08, k09, k10, k11, k12.',
    ],
    [
      "more than a dozen",
      manyDefaults(14),
      'Release "hubble": 14 stored keys repeat a default that chart 4.7.20 has changed, and keep the old one: k01, k02, k03, k04, k05, k06, k07, k08, k09, k10, k11, k12 and 2 more.',
    ],
  ];
  for (const [title, change, message] of said) {
    it(`says of ${title}`, () => {
      const because = loadRules("value-keys").find(({ key }) => key === "nats")?.because ?? "";
      assert.deepEqual(messages(change), [message.replace("BECAUSE", because)]);
    });
  }

  it("a key beside one that the stack sets is not set by it", () => {
    const pinned = { a: { image: "a/b:v1" }, ab: { image: "a/b:v1" } };
    const newer = { a: { image: "a/b:v2" }, ab: { image: "a/b:v2" } };
    const stale = (overridden: string[]): string[] =>
      judge({ stored: pinned, oldChart: chart(pinned), newChart: chart(newer), overridden });
    const [below, beside] = ["fail STALE_IMAGE_PIN a.image", "fail STALE_IMAGE_PIN ab.image"];
    assert.deepEqual(stale([]), [below, beside]);
    assert.deepEqual(stale(["a.image"]), [beside]);
    assert.deepEqual(stale(["a.image.part"]).filter((line) => line.includes("STALE")), [beside]); // prettier-ignore
    assert.deepEqual(stale(["image"]), [below, beside]);
    assert.deepEqual(stale(["x.a"]), [below, beside]);
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
            oldVersion: "1",
            archive: null,
            absentFile: "extras/values.yaml",
            overridden,
            to: "4.7.20",
            rows: loadRules("value-keys"),
          });
          assert.doesNotMatch(JSON.stringify(findings), /pl4nted|a\/b:v/);
          const keys = listLeaves(stored).length + overridden.length + 2;
          assert.ok(findings.length <= keys, "each key is told once");
        },
      ),
    );
  });
});

describe("data/value-keys.json", () => {
  it("every range can be read", () => {
    for (const row of loadRules("value-keys")) assert.notEqual(semver.validRange(row.gone), null, row.id);
  });
});
