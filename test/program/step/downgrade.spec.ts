import assert from "node:assert/strict";
import { decideStep, type Step } from "../../../lib/program/step/step.js";
import { parseRecorded } from "../../../lib/program/step/recorded.js";
import { revision } from "../../gates/fake-site.js";

/** Decides on an installed version after the stack has settled on another; every pair is a row. */
function decide(settled: string, installed: string, acceptVersion = "", description = "Upgrade complete"): Step {
  const deployed = revision({ revision: 7, chartVersion: installed, description });
  const release = { role: "hubble" as const, name: "hubble", namespace: "default", deployed, newest: deployed };
  return decideStep({
    observation: { clusterUid: "uid-1", edition: "palette", observedVersion: installed, releases: [release] },
    recorded: parseRecorded({ clusterUid: "uid-1", observedVersion: settled, appliedVersion: settled }),
    plan: { from: installed, to: "4.7.20", refusal: null, matrix: { id: "m" }, hops: [{ to: "4.7.20" }] },
    isSupported: () => true,
    acceptVersion,
    releaseTimeoutSeconds: 3600,
    stuckRemedy: null,
    now: new Date("2026-03-01T12:00:00Z"),
  });
}

describe("an installed version below the settled one", () => {
  const table: [title: string, installed: string, acceptVersion: string, description: string][] = [
    ["by another hand", "4.5.23", "", "Rollback to 5"],
    ["accepted by acceptVersion: not even then", "4.5.23", "4.5.23", "Rollback to 5"],
    ["with this tool's marker", "4.5.23", "", "Palette 4.5.23"],
    ["one patch below", "4.6.40", "4.6.40", "Upgrade complete"],
  ];
  for (const [title, installed, accept, description] of table) {
    it(title, () => {
      assert.throws(() => decide("4.6.41", installed, accept, description), {
        code: "DOWNGRADED",
        message: `This stack last settled on 4.6.41, and ${installed}, which is older, is installed: a downgrade. Palette has none, and its data may be at 4.6.41 already.`,
        next: "Call the vendor's support before anything else is changed. An installation that was restored as a whole from a backup is enrolled in a new stack.",
      });
    });
  }

  it("negative twins: the settled version hops; a newer one may be accepted", () => {
    assert.equal(decide("4.6.41", "4.6.41").kind, "hop");
    assert.equal(decide("4.6.41", "4.6.43", "4.6.43").kind, "settle");
    assert.throws(() => decide("4.6.41", "4.6.43"), { code: "UNEXPLAINED_VERSION" });
  });
});
