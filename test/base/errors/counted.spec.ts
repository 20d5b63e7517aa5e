import assert from "node:assert/strict";
import { formatCount } from "../../../lib/base/errors/counted.js";

describe("a number and what it counts", () => {
  for (const [count, text] of [
    [0, "0 hops"],
    [1, "1 hop"],
    [2, "2 hops"],
    [1.5, "1.5 hops"],
  ] as const)
    it(text, () => assert.equal(formatCount(count, "hop"), text));

  it("with a plural of its own", () => {
    assert.deepEqual(
      [1, 2].map((count) => formatCount(count, "entry", "entries")),
      ["1 entry", "2 entries"],
    );
  });
});
