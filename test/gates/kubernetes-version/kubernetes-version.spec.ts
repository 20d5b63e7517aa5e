import assert from "node:assert/strict";
import { kubernetesVersionGate } from "../../../lib/gates/kubernetes-version/gate.js";
import type { Verdict } from "../../../lib/gates/types.js";
import { fakeSite, inputFor, neverAborted } from "../fake-site.js";

function judge(serverVersion: string, from: string, to: string): Promise<Verdict> {
  return kubernetesVersionGate.sample(inputFor({ site: fakeSite({ serverVersion }), from, to }), neverAborted);
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
  ];
  for (const [server, from, to, outcome, codes] of table) {
    it(`${from} -> ${to} on ${server}: ${outcome}`, async () => {
      const verdict = await judge(server, from, to);

      assert.deepEqual([verdict.outcome, verdict.reasons.map(({ code }) => code)], [outcome, codes]);
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
