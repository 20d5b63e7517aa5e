import assert from "node:assert/strict";
import { searchFor } from "./secret-forms.js";

const value = 'pl4nted "p@ss/w:rd\\ é';
const search = searchFor([{ name: "password", value }]);

describe("the searcher of planted secrets", () => {
  const holding: [title: string, text: string, form: string][] = [
    ["as it is", `see ${value}.`, "plain"],
    ["in base64", Buffer.from(value).toString("base64"), "base64 at byte 0"],
    ["in base64 behind one byte", Buffer.from(`x${value}y`).toString("base64"), "base64 at byte 1"],
    ["in base64 of user:password", Buffer.from(`robot:${value}`).toString("base64"), "base64 at byte 0"],
    ["in base64 behind two bytes", Buffer.from(`xy${value}z`).toString("base64"), "base64 at byte 2"],
    ["in base64 for addresses", Buffer.from(`xy${value}`).toString("base64url"), "base64 at byte 2"],
    ["in an address", `mongodb://u:${encodeURIComponent(value)}@h`, "URL-encoded"],
    ["in an address, in lower case", encodeURIComponent(value).replaceAll(/%../g, (c) => c.toLowerCase()), "URL-encoded"],
    ["in JSON", JSON.stringify({ a: value }), "JSON-escaped"],
    ["in JSON in JSON", JSON.stringify(JSON.stringify({ a: value })), "JSON in JSON"],
  ]; // prettier-ignore
  for (const [title, text, form] of holding) {
    it(`finds one ${title}`, () => assert.deepEqual(search(text), [`password (${form})`]));
  }

  it("finds nothing in what does not hold it, nor in a part of it", () => {
    assert.deepEqual(search(`${value.slice(1)} ${Buffer.from("pl4nted").toString("base64")}`), []);
  });
});
