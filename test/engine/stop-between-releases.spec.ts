import assert from "node:assert/strict";
import { type EngineEvent, type EngineStep } from "../../lib/engine/engine.js";
import { stopBetweenReleases } from "../../lib/engine/stop-between-releases.js";

const release: EngineStep = {
  urn: "urn::hubble",
  type: "kubernetes:helm.sh/v3:Release",
  name: "hubble",
  operation: "update",
  diffKeys: [],
};
const gate: EngineStep = { ...release, urn: "urn::gate", type: "command:local:Command", name: "gate-rollout" };

const began = (step: EngineStep): EngineEvent => ({ kind: "step-started", step });
const ended = (step: EngineStep, kind: "step-done" | "step-failed" = "step-done"): EngineEvent => ({
  kind,
  step,
  seconds: 1,
});

describe("an interrupt", () => {
  const cases: { title: string; before: EngineEvent[]; atOnce: boolean; after?: EngineEvent }[] = [
    { title: "while nothing moves is handed on at once", before: [], atOnce: true },
    { title: "while a gate runs is handed on at once", before: [began(gate)], atOnce: true },
    {
      title: "while a release moves waits for its end",
      before: [began(gate), began(release)],
      atOnce: false,
      after: ended(release),
    },
    {
      title: "while a release fails waits for its end too",
      before: [began(release)],
      atOnce: false,
      after: ended(release, "step-failed"),
    },
    { title: "after a release has moved is handed on at once", before: [began(release), ended(release)], atOnce: true },
    {
      title: "at a release that does not change is handed on at once",
      before: [began({ ...release, operation: "same" })],
      atOnce: true,
    },
  ];
  for (const { title, before, atOnce, after } of cases) {
    it(title, () => {
      const asked = new AbortController();
      const stop = stopBetweenReleases(asked.signal);
      before.forEach(stop.trackEvent);
      assert.equal(stop.signal.aborted, false);
      asked.abort();
      assert.equal(stop.signal.aborted, atOnce);
      if (after !== undefined) stop.trackEvent(after);
      assert.equal(stop.signal.aborted, true);
    });
  }

  it("of two releases that move, the last one's end counts", () => {
    const asked = new AbortController();
    const stop = stopBetweenReleases(asked.signal);
    const other = { ...release, urn: "urn::other" };
    [began(release), began(other)].forEach(stop.trackEvent);
    asked.abort();
    stop.trackEvent(ended(release));
    assert.equal(stop.signal.aborted, false);
    stop.trackEvent(ended(other));
    assert.equal(stop.signal.aborted, true);
  });

  it("before the run has begun ends it at once", () => {
    assert.equal(stopBetweenReleases(AbortSignal.abort()).signal.aborted, true);
  });
});
