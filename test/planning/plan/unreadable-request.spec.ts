import assert from "node:assert/strict";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import { planOf } from "./synthetic-matrix.js";

const seed = loadMatrix("palette-kubernetes-4.7.20");

describe("a request that cannot be read", () => {
  it("a source that is no version", () => {
    assert.throws(() => planOf(seed, "4.6", "4.7.20"), {
      code: "VERSION_INVALID",
      message: 'from: "4.6" is not a Palette version.',
    });
  });

  it("a day that is none", () => {
    assert.throws(() => planOf(seed, "4.6.41", "4.7.20", { today: "yesterday" }), {
      code: "DATE_INVALID",
      message: 'today: "yesterday" is not a day.',
    });
  });
});
