import assert from "node:assert/strict";
import { listMeasuredHopsBefore, listMeasuredHops, type VerifiedHop } from "../../../lib/program/step/recorded.js";

function hop(from: string, to: string, minutes?: number): VerifiedHop {
  const verified = {
    from,
    to,
    matrix: "m",
    matrixSha256: "s",
    chartDigests: {},
    verifiedAt: "2026-11-21T10:00:00.000Z",
  };
  return minutes === undefined ? verified : { ...verified, minutes };
}

describe("hops that were timed", () => {
  const before = [hop("4.6.36", "4.6.41", 12), hop("4.6.41", "4.7.20")];

  it("are told by their kind; one that nobody timed is none", () => {
    assert.deepEqual(listMeasuredHops(before), [{ change: "patch", minutes: 12 }]);
  });

  it("before 4.7.20 -> 4.8.8 and after it the same ones are told, so that a settled stack has no diff", () => {
    const after = [...before, hop("4.7.20", "4.8.8", 56)];
    assert.deepEqual(listMeasuredHopsBefore(after, "4.8.8"), listMeasuredHopsBefore(before, "4.8.8"));
    assert.deepEqual(listMeasuredHopsBefore(after, "4.8.47"), [
      { change: "patch", minutes: 12 },
      { change: "minor", minutes: 56 },
    ]);
  });
});
