import assert from "node:assert/strict";
import { NotNowError, RefusedError } from "../../../lib/base/errors/errors.js";
import { attempt, type Failure, formatRefusal, toFailure, toRefusal } from "../../../lib/base/errors/refusal.js";

const where = "Set PALETTE_DEBUG=1 to see where.";

describe("what was thrown, shown, kept and returned", () => {
  const table: [title: string, thrown: unknown, failure: Failure, text: string][] = [
    [
      "a refusal with its next step",
      new RefusedError("NO_ROUTE", "There is none.", { next: "Name another target." }),
      { code: "NO_ROUTE", message: "There is none.", next: "Name another target.", exitCode: 3 },
      "NO_ROUTE: There is none.\n  Name another target.",
    ],
    [
      "not now, without one",
      new NotNowError("WINDOW_CLOSED", "Closed."),
      { code: "WINDOW_CLOSED", message: "Closed.", next: null, exitCode: 5 },
      "WINDOW_CLOSED: Closed.",
    ],
    [
      "a fault of this program",
      new TypeError("x is undefined"),
      { code: "UNEXPECTED", message: "x is undefined", next: where, exitCode: 1 },
      `UNEXPECTED: x is undefined\n  ${where}`,
    ],
    [
      "what is no error",
      "gone",
      { code: "UNEXPECTED", message: "gone", next: where, exitCode: 1 },
      `UNEXPECTED: gone\n  ${where}`,
    ],
  ];
  for (const [title, thrown, failure, text] of table) {
    it(title, () => {
      assert.deepEqual(toFailure(thrown, {}), failure);
      assert.equal(formatRefusal(toFailure(thrown, {}), "  "), text);
      const { code, message } = toRefusal(thrown);
      assert.deepEqual([code, message], [failure.code, failure.message]);
    });
  }

  it("PALETTE_DEBUG adds the stack of a fault of this program, not of a refusal", () => {
    const debug = { PALETTE_DEBUG: "1" };
    assert.match(toFailure(new TypeError("bug"), debug).message, /^bug\nTypeError: bug\n +at /);
    assert.equal(toFailure(new TypeError("bug"), debug).next, null);
    assert.equal(toFailure(new RefusedError("NO_ROUTE", "None."), debug).message, "None.");
  });

  it("an attempt returns value or refusal; a fault of this program goes through", async () => {
    const refusal = new RefusedError("NO_ROUTE", "None.");
    assert.deepEqual(await attempt(() => 7), { ok: true, value: 7 });
    assert.deepEqual(await attempt(() => Promise.reject(refusal)), { ok: false, refusal });
    await assert.rejects(
      attempt(() => Promise.reject(new TypeError("bug"))),
      TypeError,
    );
  });

  it("a message of a site is shown up to 16,000 characters", () => {
    const full = new RefusedError("HELM_FAILED", "x".repeat(16_000));
    const long = new RefusedError("HELM_FAILED", "x".repeat(16_001));
    assert.equal(toFailure(full).message, full.message);
    assert.equal(toFailure(long).message, `${full.message} … (1 more characters)`);
    assert.equal(toFailure(new Error(long.message), {}).message, `${full.message} … (1 more characters)`);
  });
});
