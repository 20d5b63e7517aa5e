import assert from "node:assert/strict";
import { parseLiteral } from "../../../../lib/gates/mongo-replica-set/text/literal.js";
import { LiteralError, Opaque, Timestamp } from "../../../../lib/gates/mongo-replica-set/text/value.js";

const read: [string, unknown][] = [
  ["1", 1],
  ["-1.5e3", -1500],
  ['"a\\u0041\\n\\\\"', "aA\n\\"],
  ["'it\\'s'", "it's"],
  ["undefined", null],
  ["[1,2,]", [1, 2]],
  ['{"$numberInt":"7"}', 7],
  ['{"$numberLong":"2000"}', 2000],
  ['{"$numberDouble":"1.0"}', 1],
  ["NumberLong(3)", 3],
  ['NumberLong("3")', 3],
  ["Long('-1')", -1],
  ["Long.fromString('5')", 5],
  ["NumberInt(4)", 4],
  ['{"high":0,"low":2000,"unsigned":false}', 2000],
  ['{"high":-1,"low":-1,"unsigned":false}', -1],
  ['{"low":7,"high":1,"unsigned":false}', 4294967303],
  ['{"$date":"2026-03-02T10:00:00Z"}', new Date("2026-03-02T10:00:00Z")],
  ['{"$date":{"$numberLong":"1772445600000"}}', new Date("2026-03-02T10:00:00Z")],
  ['{"$date":1772445600000}', new Date("2026-03-02T10:00:00Z")],
  ['{"$date":"2026-03-02T11:30:00.123456789+01:30"}', new Date("2026-03-02T10:00:00.123Z")],
  ['ISODate("2026-03-02T10:00:00Z")', new Date("2026-03-02T10:00:00Z")],
  ["new Date(0)", new Date(0)],
  ["Timestamp(5, 1)", new Timestamp(5, 1)],
  ["Timestamp({ t: 5, i: 1 })", new Timestamp(5, 1)],
  ["Timestamp(1341871394000, 1)", new Timestamp(1341871394, 1)],
  ['{"$timestamp":{"t":5,"i":1}}', new Timestamp(5, 1)],
  ['{"$timestamp":"21474836481"}', new Timestamp(5, 1)],
  ['{"T":5,"I":1}', new Timestamp(5, 1)],
  ['{"t":5,"i":1}', new Timestamp(5, 1)],
  ['NumberLong("7088974033219223556")', new Opaque("Long")],
  ['BinData(0,"AAAA")', new Opaque("BinData")],
  ['Binary(Buffer.from("dbe9", "hex"), 0)', new Opaque("Binary")],
  ["Binary.createFromBase64('AAA=', 0)", new Opaque("Binary.createFromBase64")],
];

const refused: [string, string][] = [
  ["{", "expected a key"],
  ["", "the document ends too early"],
  ['{"a":1', "the document ends too early"],
  ['{"a":1 "b":2}', "expected , or }"],
  ['{"a":1,"a":1}', "a key stands twice"],
  ['"line\nbreak"', "a text is broken by a line end or control character"],
  ['"open', "a text is not closed"],
  ['"\\q"', "an invalid escape"],
  ["[Object]", "an unexpected word"],
  ["[ ... 2 more items ]", "expected a value"],
  ["NaN", "an unexpected word"],
  ["01", "expected a value"],
  ["process.exit()", "process.exit(…) is not what the shell prints"],
  ["Function('x')", "Function(…) is not what the shell prints"],
  ['ISODate("yesterday")', "ISODate(…) is not what the shell prints"],
  ['ISODate("2026-02-30T00:00:00Z")', "ISODate(…) is not what the shell prints"],
  ["Timestamp(-1, 0)", "Timestamp(…) is not what the shell prints"],
  ['{"$date":"2026-03-02"}', "an invalid $date"],
  ['{"$date":true}', "an invalid $date"],
  ['{"$numberLong":"x"}', "an invalid $numberLong"],
  ['{"$timestamp":5}', "an invalid $timestamp"],
  ["`a${b}`", "a template is not a value"],
  ["[".repeat(70), "the document is nested too deep"],
];

describe("a literal of the shells", () => {
  for (const [text, value] of read) {
    it(`reads ${text}`, () => assert.deepEqual(parseLiteral(text).value, value));
  }

  for (const [text, message] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
      assert.throws(
        () => parseLiteral(text),
        (error) => error instanceof LiteralError && error.message === message,
      );
    });
  }

  it("keeps __proto__ an ordinary key", () => {
    const { value } = parseLiteral('{"__proto__":{"ok":1}}');
    assert.equal((value as Record<string, unknown>)["ok"], undefined);
    assert.deepEqual(Object.keys(value as object), ["__proto__"]);
  });

  it("tells where the value ends", () => assert.equal(parseLiteral("x = {a: 1}; y", 4).end, 10));
});
