import assert from "node:assert/strict";
import { createLazy } from "../../../lib/base/process/lazy.js";

describe("work that is done at the first call", () => {
  it("is done once, and not before", () => {
    const done: string[] = [];
    const get = createLazy(() => done.push("done"));
    assert.deepEqual(done, []);
    assert.deepEqual([get(), get(), done], [1, 1, ["done"]]);
  });

  it("is done once also where its value is none", () => {
    const done: string[] = [];
    const get = createLazy(() => void done.push("done"));
    assert.deepEqual([get(), get(), done], [undefined, undefined, ["done"]]);
  });
});
