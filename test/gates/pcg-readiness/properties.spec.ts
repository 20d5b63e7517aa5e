import assert from "node:assert/strict";
import fc from "fast-check";
import { pcgReadinessGate } from "../../../lib/gates/pcg-readiness/gate.js";
import type { Overlord } from "../../../lib/site/types.js";
import { at, FakeClock, fakeSite, inputFor, neverAborted, overlord, settingsFor, tenantApi } from "../fake-site.js";

/** One thing amiss with a PCG that is well otherwise. */
const amiss: fc.Arbitrary<Partial<Overlord>> = fc.oneof(
  fc.record({ state: fc.string().filter((text) => text !== "Running") }),
  fc.record({ health: fc.string().filter((text) => text !== "Healthy") }),
  fc.record({
    lastHeartbeat: fc.oneof(fc.constant(null), fc.constant("never"), fc.integer({ min: -10_000, max: -2 }).map(at)),
  }),
  fc.constant({ paused: true }),
  fc.constant({ updateAvailable: true }),
  fc.constant({ agentVersion: "" }),
);

describe("gate pcg-readiness, properties", () => {
  it("one PCG of many with anything amiss is never a pass before a minor, and is named", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.nat(), amiss, async (count, pick, fault) => {
        const names = Array.from({ length: count }, (_, index) => `pcg-${index}`);
        const broken = names[pick % count]!;
        const pcgs = names.map((name) => overlord({ name, ...(name === broken ? fault : {}) }));
        const tenants = [tenantApi({ tenant: "acme", overlords: () => pcgs })];
        const settings = settingsFor({ tenants: [{ name: "acme", pcgs: names }] });
        const input = inputFor({ site: fakeSite({ tenants }), settings, clock: new FakeClock(at(4)) });
        const verdict = await pcgReadinessGate.sample(input, neverAborted);
        assert.notEqual(verdict.outcome, "pass");
        assert.deepEqual([...new Set(verdict.reasons.map(({ member }) => member))], [`acme/${broken}`]);
      }),
    );
  });
});
