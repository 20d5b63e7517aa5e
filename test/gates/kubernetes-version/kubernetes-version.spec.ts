import assert from "node:assert/strict";
import { kubernetesVersionGate } from "../../../lib/gates/kubernetes-version/gate.js";
import type { Verdict } from "../../../lib/gates/verdict/types.js";
import { FakeClock, fakeSite, inputFor, neverAborted } from "../fake-site.js";

/** In the table nothing has ended yet. */
function judge(serverVersion: string, from: string, to: string, today = "2022-01-01"): Promise<Verdict> {
  const clock = new FakeClock(`${today}T12:00:00Z`);
  return kubernetesVersionGate.sample(inputFor({ site: fakeSite({ serverVersion }), from, to, clock }), neverAborted);
}

describe("gate kubernetes-version", () => {
  // Rows: 4.1.12 up to 1.27.x, 4.3.6 up to 1.28.x, 4.6.23 up to 1.31.x, 4.7.20 up to 1.33.0, 4.8.21 up to 1.35.5.
  const table: [string, string, string, string, string[]][] = [
    ["v1.27.9", "4.1.12", "4.2.7", "pass", []],
    ["v1.28.4", "4.1.12", "4.2.7", "fail", ["KUBERNETES_TOO_NEW"]],
    ["v1.33.9", "4.7.13", "4.7.20", "pass", []],
    ["v1.34.0", "4.7.13", "4.7.20", "fail", ["KUBERNETES_TOO_NEW", "KUBERNETES_TOO_NEW"]],
    ["v1.31.5-gke.100", "4.6.23", "4.7.20", "pass", []],
    ["1.31+", "4.6.23", "4.7.20", "pass", []],
    ["v2.0.0", "4.6.23", "4.7.20", "fail", ["KUBERNETES_TOO_NEW", "KUBERNETES_TOO_NEW"]],
    ["v1.31.5", "4.6.41", "4.7.20", "pass", ["NOTE"]],
    ["v1.26.5", "4.0.6", "4.1.12", "unknown", ["KUBERNETES_ROW_MISSING"]],
    ["moon", "4.7.13", "4.7.20", "unknown", ["KUBERNETES_VERSION_UNREADABLE"]],
    ["moon v1.31.5", "4.7.13", "4.7.20", "unknown", ["KUBERNETES_VERSION_UNREADABLE"]],
  ];
  for (const [server, from, to, outcome, codes] of table) {
    it(`${from} -> ${to} on ${server}: ${outcome}`, async () => {
      const verdict = await judge(server, from, to);

      assert.deepEqual([verdict.outcome, verdict.reasons.map(({ code }) => code)], [outcome, codes]);
    });
  }

  const ends: [title: string, server: string, today: string, remark: boolean][] = [
    ["on its last day", "v1.31.5", "2025-11-11", false],
    ["the day after", "v1.31.5", "2025-11-12", true],
    ["a minor whose end is not known: nothing is said", "v1.32.0", "2030-01-01", false],
  ];
  for (const [title, server, today, remark] of ends) {
    it(`end of life, ${title}: ${remark ? "a remark" : "none"}`, async () => {
      const verdict = await judge(server, "4.7.13", "4.7.20", today);

      assert.equal(verdict.outcome, "pass");
      assert.deepEqual(
        verdict.reasons.map(({ code, message }) => [code, message]),
        remark
          ? [
              [
                "NOTE",
                "KUBERNETES_END_OF_LIFE: Kubernetes v1.31.5 ended on 2025-11-11, and Palette asks for one that has not. Plan its upgrade " +
                  "between hops, up to what the installed version may be hosted on.",
              ],
            ]
          : [],
      );
    });
  }

  it("names both versions and the row", async () => {
    const [reason] = (await judge("v1.32.1", "4.6.41", "4.7.20")).reasons;

    assert.deepEqual(reason, {
      code: "KUBERNETES_TOO_NEW",
      member: "4.6.41",
      message:
        "Kubernetes is v1.32.1; Palette 4.6.41 (installed) may be hosted on 1.31.x at most (row of 4.6.40, the nearest lower one). " +
        "Kubernetes does not go back: call the vendor's support, or choose a target that allows it.",
    });
  });
});
