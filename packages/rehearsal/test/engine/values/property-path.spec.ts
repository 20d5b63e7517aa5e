import assert from "node:assert/strict";
import fc from "fast-check";
import { diffPaths, parsePath, restoreIgnoredPaths } from "../../../lib/engine/values/property-path.js";
import { toCanonicalJson, type Properties, type Value } from "../../../lib/engine/values/values.js";

describe("diffPaths", () => {
  const cases: [title: string, olds: Properties, news: Properties, paths: string[]][] = [
    ["nothing", { a: 1, b: { c: [1, "2"] } }, { b: { c: [1, "2"] }, a: 1 }, []],
    ["a nested value", { environment: { TO: "1", X: "x" } }, { environment: { TO: "2", X: "x" } }, ["environment.TO"]],
    ["an item", { triggers: ["a", "b"] }, { triggers: ["a", "c"] }, ["triggers[1]"]],
    ["a longer list", { triggers: ["a"] }, { triggers: ["a", "b", "c"] }, ["triggers[1]", "triggers[2]"]],
    ["a key that came, by itself", {}, { values: { a: { b: 1 } } }, ["values"]],
    ["a key that went", { stdin: "x", a: 1 }, { a: 1 }, ["stdin"]],
    ["another kind", { a: { b: 1 } }, { a: [1] }, ["a"]],
    ["null and absent", { a: null }, {}, ["a"]],
    ["a key that is no name", { values: { "a.b": 1 } }, { values: { "a.b": 2 } }, ['values["a.b"]']],
    ["digests as a whole", { values: { $secret: "aa" } }, { values: { $secret: "bb" } }, ["values"]],
    ["a secret that became open", { values: { $secret: "aa" } }, { values: { b: 1 } }, ["values"]],
    [
      "the engine's own key at the top only",
      { __defaults: [], x: { __y: 1 } },
      { __defaults: [1], x: { __y: 2 } },
      ["x.__y"],
    ],
    ["sorted", { b: 1, a: 1, c: 1 }, { b: 2, a: 2, c: 1 }, ["a", "b"]],
  ];
  for (const [title, olds, news, paths] of cases) it(title, () => assert.deepEqual(diffPaths(olds, news), paths));

  const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Value>(null, true, "x", 1),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "c.d"), tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  const properties = fc.dictionary(fc.constantFrom("a", "b", "c.d"), value, { maxKeys: 3 });

  it("tells no difference exactly where there is none, the same both ways round", () => {
    fc.assert(
      fc.property(properties, properties, (one, other) => {
        assert.equal(diffPaths(one, other).length === 0, toCanonicalJson(one) === toCanonicalJson(other));
        assert.deepEqual(diffPaths(one, other), diffPaths(other, one));
      }),
    );
  });

  it("ignoring all that differs at the top leaves nothing to do", () => {
    fc.assert(
      fc.property(properties, properties, (olds, news) => {
        const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].map((key) => `["${key}"]`);
        assert.deepEqual(diffPaths(olds, restoreIgnoredPaths(news, olds, keys)), []);
      }),
    );
  });
});

describe("restoreIgnoredPaths", () => {
  const olds = { values: { a: 1, list: ["x", "y"] }, gone: true };
  const cases: [title: string, paths: string[], news: Properties, result: Properties][] = [
    ["a value is put back", ["values.a"], { values: { a: 2, b: 2 } }, { values: { a: 1, b: 2 } }],
    ["a key that is missing comes back", ["gone"], {}, { gone: true }],
    ["a key that is new goes", ["new"], { new: 1, other: 1 }, { other: 1 }],
    ["an item", ["values.list[1]"], { values: { list: ["p", "q"] } }, { values: { list: ["p", "y"] } }],
    ["all of an object", ["values.*"], { values: { a: 2, b: 3 } }, { values: { a: 1 } }],
    ["a place that neither has", ["values.deep.er"], { values: { a: 2 } }, { values: { a: 2 } }],
  ];
  for (const [title, paths, news, result] of cases) {
    it(title, () => assert.deepEqual(restoreIgnoredPaths(news, olds, paths), result));
  }
});

describe("parsePath", () => {
  const cases: [path: string, steps: (string | number)[]][] = [
    ["a.b", ["a", "b"]],
    ["triggers[*]", ["triggers", "*"]],
    ['values["a.b"][0].c', ["values", "a.b", 0, "c"]],
    ['a["say \\"x\\""]', ["a", 'say "x"']],
  ];
  for (const [path, steps] of cases) it(path, () => assert.deepEqual(parsePath(path), steps));
});
