import assert from "node:assert/strict";
import type { ChartParts } from "../../../lib/gates/values/known-keys.js";
import { listMissingKeys } from "../../../lib/gates/values/required-keys.js";

type Values = Record<string, unknown>;

function missing(chart: Partial<ChartParts>, given: Values = {}, set: string[] = []): string[] {
  const whole = { defaults: {}, schema: null, templates: [], ...chart };
  return listMissingKeys(whole, given, (path) => set.includes(path.join("."))).map((path) => path.join("."));
}

const template = (text: string, below = ""): Partial<ChartParts> => ({ templates: [{ path: "t.yaml", below, text }] });
const schema = (value: Values): Partial<ChartParts> => ({ schema: value });

describe("keys that a chart refuses to do without", () => {
  const table: [title: string, chart: Partial<ChartParts>, given: Values, expected: string[]][] = [
    ["required by a template", template('{{ required "x" .Values.a.b }}'), {}, ["a.b"]],
    ["… by pipe", template("{{ .Values.a.b | required `x` }}"), {}, ["a.b"]],
    ["… through $", template('{{ required "say \\"so\\"" $.Values.a.b }}'), {}, ["a.b"]],
    ["… with words that are made", template('{{ required (printf "x" 1) .Values.a.b }}'), {}, ["a.b"]],
    ["… of a subchart: below it", template('{{ required "x" .Values.a }}', "sub.deep"), {}, ["sub.deep.a"]],
    ["… of a subchart, given there", template('{{ required "x" .Values.a }}', "sub"), { sub: { a: 1 } }, []],
    ["… of a subchart, given elsewhere", template('{{ required "x" .Values.a }}', "sub"), { a: 1 }, ["sub.a"]],
    ["… of a subchart, but global", template('{{ required "x" .Values.global.a }}', "sub"), {}, ["global.a"]],
    ["… given, be it false or 0", template('{{ required "x" .Values.a }}{{ required "x" .Values.b }}'), { a: false, b: 0 }, []],
    ["… given as null", template('{{ required "x" .Values.a }}'), { a: null }, ["a"]],
    ["… given empty", template('{{ required "x" .Values.a }}'), { a: "" }, ["a"]],
    ["… twice: told once", template('{{ required "x" .Values.a }}{{ .Values.a | required "y" }}'), {}, ["a"]],
    ["a word that only looks like it", template('{{ notrequired "x" .Values.a }}{{ .Values.a | requiredness }}'), {}, []],
    ["required by the schema", schema({ required: ["a", "b"] }), { b: 1 }, ["a"]],
    ["… given, be it null", schema({ required: ["a"] }), { a: null }, []],
    ["… of a map that is required itself", schema({ required: ["a"], properties: { a: { required: ["b"] } } }), {}, ["a", "a.b"]],
    ["… of a map that is given", schema({ properties: { a: { required: ["b"] } } }), { a: {} }, ["a.b"]],
    ["… of a map that is not", schema({ properties: { a: { required: ["b"] } } }), {}, []],
    ["… of what is given as a text", schema({ properties: { a: { required: ["b"] } } }), { a: "x" }, []],
    ["a schema that is none", schema({ required: "a", properties: [] }), {}, []],
    ["names in it that are none", schema({ required: [1, null, "a"] }), {}, ["a"]],
    ["schema and template: told once", { ...schema({ required: ["a"] }), ...template('{{ required "x" .Values.a }}') }, {}, ["a"]],
  ]; // prettier-ignore
  for (const [title, chart, given, expected] of table) {
    it(title, () => assert.deepEqual(missing(chart, given), expected));
  }

  it("one that is set elsewhere counts as given", () => {
    assert.deepEqual(missing(schema({ required: ["a", "b"] }), {}, ["a"]), ["b"]);
  });
});
