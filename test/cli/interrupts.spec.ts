import assert from "node:assert/strict";
import { watchInterrupts } from "../../lib/cli/interrupts.js";

describe("interrupts", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`${signal} is reported until that is ended`, () => {
      const before = process.listenerCount(signal);
      let count = 0;
      const stop = watchInterrupts(() => (count += 1));
      for (const listener of process.listeners(signal).slice(before)) listener(signal);
      assert.equal(count, 1);
      stop();
      assert.equal(process.listenerCount(signal), before);
    });
  }
});
