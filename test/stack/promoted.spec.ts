import assert from "node:assert/strict";
import { promotedInto } from "../../lib/stack/promoted.js";
import { type Step } from "../../lib/stack/step.js";

const verified = (from: string, to: string): Record<string, unknown> => ({
  from,
  to,
  matrix: "m",
  matrixSha256: "s",
  chartDigests: { hubble: `digest of ${to}` },
  verifiedAt: "2026-11-01T00:00:00Z",
});
const entry = (from: string, to: string): object => ({
  from,
  to,
  chartDigests: { hubble: `digest of ${to}` },
  verifiedAt: "2026-11-01T00:00:00Z",
});
const hop: Step = { kind: "hop", from: "4.6.41", destination: "4.7.20", resuming: false, declareReleases: true };
const done: Step = { kind: "done", destination: "4.7.20", declareReleases: true };
const recorded = {
  promoted: [{ from: "4.6.41", to: "4.7.20", chartDigests: {}, verifiedAt: "2026-10-01T00:00:00Z" }],
};
const never = (): Promise<never> => Promise.reject(new Error("asked"));

describe("what the stage before has verified", () => {
  it("before a hop: its verified hops into the destination, from its outputs", async () => {
    const found = await promotedInto({
      settings: { promotionStack: "org/palette/staging" },
      recorded,
      step: hop,
      readOutputsOf: (stack) =>
        Promise.resolve({
          verifiedHops:
            stack === "org/palette/staging" ? [verified("4.6.36", "4.6.41"), verified("4.6.41", "4.7.20")] : [],
        }),
    });
    assert.deepEqual(found, [entry("4.6.41", "4.7.20")]);
  });

  it("settled: as it was at the last hop, whatever the stage has done since; the stage is not asked", async () => {
    const settings = { promotionStack: "org/palette/staging" };
    assert.deepEqual(await promotedInto({ settings, recorded, step: done, readOutputsOf: never }), recorded.promoted);
  });

  it("no stage: nothing, and nothing is asked", async () => {
    assert.equal(
      await promotedInto({ settings: { promotionStack: "" }, recorded, step: hop, readOutputsOf: never }),
      null,
    );
  });

  it("a stack that is none of this tool refuses, naming it", async () => {
    const settings = { promotionStack: "org/other/x" };
    await assert.rejects(
      promotedInto({ settings, recorded, step: hop, readOutputsOf: () => Promise.resolve({ url: "x" }) }),
      { code: "PROMOTION_STACK", message: "Stack org/other/x has no output verifiedHops that this tool wrote." },
    );
  });
});
