import assert from "node:assert/strict";
import { type BaseValues, selectBaseValues } from "../../../lib/site/charts/release-values.js";

type Values = Record<string, unknown>;

const image = (reference: string): Values => ({ image: { controllerImage: reference } });
const [archive, stored] = [image("r.example/controller:2"), image("air.example/base/r.example/controller:1")];

describe("what a release's values start from", () => {
  const table: [title: string, origin: "archive" | "site", input: { archive: Values; stored: Values }, expected: BaseValues][] = [
    ["the archive's file, images with the site's prefix", "archive", { archive, stored }, { source: "archive", values: image("air.example/base/r.example/controller:2") }],
    ["the archive's file, nothing stored", "archive", { archive, stored: {} }, { source: "archive", values: archive }],
    ["no file: what is stored, as Helm keeps it", "archive", { archive: {}, stored }, { source: "stored", values: stored }],
    ["no file, nothing stored", "archive", { archive: {}, stored: {} }, { source: "defaults", values: {} }],
    ["values of the site's own, whatever the archive has", "site", { archive, stored }, { source: "stored", values: stored }],
    ["values of the site's own, none stored", "site", { archive, stored: {} }, { source: "defaults", values: {} }],
  ]; // prettier-ignore
  for (const [title, values, input, expected] of table) {
    it(title, () =>
      assert.deepEqual(selectBaseValues({ values }, { ...input, registryBase: "air.example/base/" }), expected),
    );
  }
});
