import assert from "node:assert/strict";
import { listMovingGates } from "../../../lib/program/preview/gates.js";
import { type Step } from "../../../lib/program/step/step.js";
import { settingsSchema } from "../../../lib/settings/schema.js";

const settings = settingsSchema.parse({
  ...{ target: "4.7.20", matrix: "m", clusterIdentifier: "c", site: { apiUrl: "https://palette.example.com" } },
  tenants: [{ name: "acme", pcgs: ["a"] }],
});
const settle: Step = { kind: "settle", from: "4.6.41", destination: "4.7.20", ours: true, declareReleases: true };
const where = { edition: "palette", method: "kubernetes" } as const;

describe("the gates before a release that moves where no hop begins", () => {
  it("are those of the hop that it belongs to, each to be judged now", () => {
    const listed = listMovingGates(settings, { step: settle, facts: { pcgs: true } }, where, { from: "4.6.41" });
    assert.ok(listed.every(({ when, later }) => when === "before" && later === null));
    const mandatory = listed.filter((gate) => gate.mandatory).map(({ gate, subject }) => `${gate} ${subject}`);
    for (const name of ["pcg-readiness acme/a", "window null"])
      assert.ok(mandatory.includes(name), mandatory.join(", "));
  });

  it("negative twin: of no hop, none that only a hop needs", () => {
    const listed = listMovingGates(settings, { step: settle, facts: { pcgs: true } }, where, undefined);
    assert.deepEqual(
      listed.filter(({ gate, mandatory }) => gate === "pcg-readiness" && mandatory),
      [],
    );
  });
});
