import assert from "node:assert/strict";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import { expandHop } from "../../../lib/planning/plan/expand.js";
import { planHopFirst, planRoute } from "../../../lib/planning/plan/plan.js";
import { type Plan } from "../../../lib/planning/plan/types.js";

const matrix = loadMatrix("palette-kubernetes-4.7.20");
const today = "2026-03-01";
const context = { edition: matrix.edition, method: matrix.method, facts: {}, matrixVersions: [] };

function planFirst(to: string, chartDigests: Record<string, string> = {}): Plan {
  return planHopFirst(expandHop("4.5.23", "4.6.41", context), { to, matrix, facts: {}, today, chartDigests });
}

describe("a plan that begins with a given hop", () => {
  const cases: [target: string, to: string, stops: string[], warns: boolean][] = [
    ["4.7.20", "4.7.20", ["4.6.41", "4.7.20"], false],
    ["4.6.41", "4.6.41", ["4.6.41"], false],
    ["4.6.32", "4.6.41", ["4.6.41"], true],
    ["4.5.23", "4.6.41", ["4.6.41"], true],
  ];
  for (const [target, to, stops, warns] of cases) {
    it(`target ${target}: ${stops.join(" -> ")}${warns ? ", and a warning that no route leads on" : ""}`, () => {
      const { outcome, from, refusal, hops, warnings, ...plan } = planFirst(target);
      assert.deepEqual(
        [outcome, from, plan.to, refusal, hops.map((hop) => hop.to)],
        ["route", "4.5.23", to, null, stops],
      );
      const message = warnings.find(({ code }) => code === "NO_ROUTE_AFTER")?.message ?? "";
      const start = `From 4.6.41 no route leads on to the target ${target} (DOWNGRADE): `;
      assert.deepEqual([message !== "", message.startsWith(start)], [warns, warns]);
    });
  }

  it("is the target's own plan where the route begins with that hop, fingerprint included", () => {
    const own = planRoute({ from: "4.5.23", to: "4.7.20", matrix, facts: {}, today, chartDigests: { a: "1" } });
    const first = planFirst("4.7.20", { a: "1" });
    assert.equal(first.fingerprint, own.fingerprint);
    assert.deepEqual(
      first.hops.map(({ from, to }) => `${from} ${to}`),
      own.hops.map(({ from, to }) => `${from} ${to}`),
    );
  });

  it("its fingerprint is not that of the target's own route, and changes with the charts of the hop", () => {
    const own = planRoute({ from: "4.5.23", to: "4.6.32", matrix, facts: {}, today });
    assert.notEqual(planFirst("4.6.32").fingerprint, own.fingerprint);
    const [one, other] = ["1", "2"].map((digest) => planFirst("4.6.32", { "4.6.41/hubble": digest }).fingerprint);
    assert.notEqual(one, other);
  });
});
