import assert from "node:assert/strict";
import { listHopsAhead, readStageHops, selectPromotedHops } from "../../../lib/program/step/promoted.js";
import { parseVerifiedHops } from "../../../lib/program/step/recorded.js";
import { type Plan } from "../../../lib/planning/plan/types.js";
import { type Step } from "../../../lib/program/step/step.js";
import { type Settings } from "../../../lib/settings/schema.js";
import { defaultGateSettings } from "../../../lib/settings/gate-settings.js";

const verified = (from: string, to: string): Record<string, unknown> => ({
  from,
  to,
  matrix: "m",
  matrixSha256: "s",
  chartDigests: { hubble: `digest of ${to}` },
  verifiedAt: "2026-11-01T00:00:00Z",
  minutes: 31,
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
const decided = (step: Step, ...ahead: [from: string, to: string][]): Parameters<typeof selectPromotedHops>[3] => ({
  step,
  remaining: { hops: ahead.map(([from, to]) => ({ from, to })) } as unknown as Plan,
});
const never = (): Promise<never> => Promise.reject(new Error("asked"));

const follow = (stack: string | null): Pick<Settings, "promotion"> => ({
  promotion: { ...defaultGateSettings.promotion, stack },
});

describe("what the stage before has verified", () => {
  const settings = follow("org/palette/staging");
  const clusterUid = "uid-of-prod";
  const stage = [verified("4.6.36", "4.6.41"), verified("4.6.41", "4.7.20")];
  const read = (stack: string): Promise<Record<string, unknown>> =>
    Promise.resolve({ verifiedHops: stack === settings.promotion.stack ? stage : [] });

  it("before a hop: all of them from its outputs, and of these the ones into the destination", async () => {
    const hops = await readStageHops({ clusterUid, settings, step: hop, readStackOutputs: read });
    assert.deepEqual(
      hops?.map(({ to, minutes }) => [to, minutes]),
      [
        ["4.6.41", 31],
        ["4.7.20", 31],
      ],
    );
    assert.deepEqual(selectPromotedHops(settings.promotion, recorded, hops, decided(hop)), [entry("4.6.41", "4.7.20")]);
  });

  it("before a hop with more to come: those of the rest of the route too, and what the rest is", () => {
    const more = decided(hop, ["4.7.20", "4.8.52"]);
    const hops = parseVerifiedHops(
      { verifiedHops: [...stage, verified("4.7.20", "4.8.52"), verified("4.7.20", "4.8.8")] },
      "s",
    );
    assert.deepEqual(selectPromotedHops(settings.promotion, recorded, hops, more), [
      entry("4.6.41", "4.7.20"),
      entry("4.7.20", "4.8.52"),
    ]);
    assert.deepEqual(listHopsAhead(more), [{ from: "4.7.20", to: "4.8.52" }]);
    assert.equal(listHopsAhead(decided(hop)), undefined);
    assert.equal(listHopsAhead(decided(done, ["4.7.20", "4.8.52"])), undefined);
  });

  it("settled: as it was at the last hop, whatever the stage has done since; the stage is not asked", async () => {
    assert.equal(await readStageHops({ clusterUid, settings, step: done, readStackOutputs: never }), null);
    assert.deepEqual(selectPromotedHops(settings.promotion, recorded, null, decided(done)), recorded.promoted);
  });

  it("no stage: nothing, and nothing is asked", async () => {
    const none = follow(null);
    assert.equal(await readStageHops({ clusterUid, settings: none, step: hop, readStackOutputs: never }), null);
    assert.equal(selectPromotedHops(none.promotion, recorded, null, decided(hop)), null);
  });

  it("a stack of the same installation proves nothing of another: refused; of another it counts", async () => {
    const of = (uid: string) => (): Promise<Record<string, unknown>> =>
      Promise.resolve({ verifiedHops: stage, clusterUid: uid });
    await assert.rejects(readStageHops({ clusterUid, settings, step: hop, readStackOutputs: of(clusterUid) }), {
      code: "PROMOTION_STACK",
      exitCode: 2,
      message:
        "palette:promotion.stack: org/palette/staging is of this very installation (the same cluster), which cannot go ahead of itself.",
    });
    assert.equal((await readStageHops({ clusterUid, settings, step: hop, readStackOutputs: of("uid-2") }))?.length, 2);
  });

  it("a stack that is none of this tool refuses, naming it", async () => {
    const foreign = follow("org/other/x");
    await assert.rejects(
      readStageHops({
        clusterUid,
        settings: foreign,
        step: hop,
        readStackOutputs: () => Promise.resolve({ url: "x" }),
      }),
      { code: "PROMOTION_STACK", message: "Stack org/other/x has no output verifiedHops that this tool wrote." },
    );
  });

  it("one that cannot be read refuses with what the engine said", async () => {
    await assert.rejects(
      readStageHops({
        clusterUid,
        settings,
        step: hop,
        readStackOutputs: () => Promise.reject(new Error('unknown stack "x"')),
      }),
      {
        code: "PROMOTION_STACK",
        message: 'The outputs of stack org/palette/staging cannot be read: unknown stack "x"',
        next: /^Write palette:promotion.stack as organization\/project\/stack/,
      },
    );
  });
});
