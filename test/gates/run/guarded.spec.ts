import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { guardGate, type Needs, needsByData } from "../../../lib/gates/run/guarded.js";
import { type Gate, type GateInput } from "../../../lib/gates/verdict/types.js";
import { type Site } from "../../../lib/site/types.js";
import { arrived, fakeSite, inputFor, neverAborted, revision, settingsFor } from "../fake-site.js";
import { defaultGateSettings } from "../../../lib/settings/gate-settings.js";

/** Passes and keeps what it was asked. */
function recording(name: Gate["name"] = "values"): Gate & { asked: GateInput[] } {
  const asked: GateInput[] = [];
  return {
    name,
    timing: { deadlineSeconds: 60, intervalSeconds: 10, samples: 1 },
    recheck: "start-only",
    asked,
    sample: async (input) => {
      asked.push(input);
      return Promise.resolve({ gate: name, outcome: "pass", reasons: [], observed: null });
    },
  };
}

const always: Needs = () => ({ mandatory: true });

describe("a guarded gate", () => {
  interface Place {
    site?: Site;
    when?: "before" | "after";
    to?: string;
    needs?: Needs;
    name?: Gate["name"];
    begun?: GateInput["begun"];
    install?: boolean;
  }
  async function look({
    site,
    when = "before",
    to = "4.7.20",
    needs = always,
    name,
    ...more
  }: Place): Promise<{ codes: string[]; outcome: string; asked: GateInput[] }> {
    const gate = recording(name);
    const verdict = await guardGate(gate, needs).sample(
      inputFor({ ...(site ? { site } : {}), when, from: to, to, ...more }),
      neverAborted,
    );
    return { outcome: verdict.outcome, codes: verdict.reasons.map(({ code }) => code), asked: gate.asked };
  }

  it("finds the edge live: before a hop from what is deployed", async () => {
    const { asked } = await look({});

    assert.deepEqual(asked[0]?.edge, { from: "4.6.41", to: "4.7.20", change: "minor" });
    assert.equal(asked[0]?.resuming, false);
  });

  it("finds the edge live: after a hop from the version deployed before, whatever failed in between", async () => {
    const revisions = [
      ...arrived("4.5.23", "4.6.41").map((each) => ({ ...each, status: "superseded" as const })),
      revision({ revision: 3, chartVersion: "4.7.15", status: "failed" }),
      revision({ revision: 4, chartVersion: "4.7.20" }),
    ];
    const { asked } = await look({ site: fakeSite({ revisions }), when: "after" });

    assert.deepEqual(asked[0]?.edge, { from: "4.6.41", to: "4.7.20", change: "minor" });
  });

  it("knows a hop that is taken up again, by a failed revision and by a half-moved set", async () => {
    const failed = [
      ...arrived("4.5.23", "4.6.41"),
      revision({ revision: 3, chartVersion: "4.7.20", status: "failed" }),
    ];
    const half = [
      ...arrived("4.5.23", "4.6.41"),
      revision({
        revision: 3,
        name: "cert-manager",
        chart: "cert-manager",
        chartVersion: "1.14.5",
        description: "Palette 4.7.20",
      }),
    ];

    for (const revisions of [failed, half]) {
      assert.equal((await look({ site: fakeSite({ revisions }) })).asked[0]?.resuming, true);
      assert.equal((await look({ site: fakeSite({ revisions }), to: "4.7.15" })).asked[0]?.resuming, false);
    }
  });

  describe("a release that moves after the destination was installed", () => {
    const site = fakeSite({ revisions: arrived("4.6.41", "4.7.20") });
    const hop = { from: "4.6.41" };
    const install = { from: null };
    const table: [title: string, place: Place, edge: string | null][] = [
      ["of a hop: judged as the hop in progress", { site, begun: hop }, "4.6.41 4.7.20 resuming"],
      ["no release is about to move: passed over", { site }, null],
      ["the check after the hop: judged as ever", { site, begun: hop, when: "after" }, "4.6.41 4.7.20"],
      ["the version before is installed still: judged by it", { begun: hop, to: "4.7.20" }, "4.6.41 4.7.20"],
      ["nothing of a hop, only values: passed over", { site, begun: { from: "4.7.20" } }, null],
      ["of an install, a gate of the cluster: judged", { site, begun: install, name: "window" }, "4.7.20 4.7.20"],
      ["of an install, the releases: judged", { site, begun: install, name: "helm-release" }, "4.7.20 4.7.20"],
      ["of an install, a gate of what was there before: passed over", { site, begun: install }, null],
      ["a settled install: passed over", { site, install: true, name: "window" }, null],
      ["what judges the ingress of the version before", { site, begun: hop, name: "ingress-exposure" }, null],
      ["what judges the agents of the version before", { site, begun: hop, name: "pcg-catch-up" }, null],
      ["the same before the destination is installed", { begun: hop, name: "pcg-catch-up" }, "4.6.41 4.7.20"],
    ];
    for (const [title, place, expected] of table) {
      it(title, async () => {
        const { asked, codes, outcome } = await look(place);
        const [input] = asked;
        const seen =
          input === undefined
            ? null
            : [input.edge.from, input.edge.to, ...(input.resuming ? ["resuming"] : [])].join(" ");
        assert.deepEqual([seen, codes, outcome], [expected, expected === null ? ["NOT_APPLICABLE"] : [], "pass"]);
      });
    }

    const failed = [
      ...arrived("4.5.23", "4.6.41"),
      revision({ revision: 3, chartVersion: "4.7.20", status: "failed" }),
    ];
    for (const [name, judged] of [
      ["pcg-catch-up", false],
      ["ingress-exposure", true],
      ["pcg-readiness", true],
    ] as const) {
      it(`Palette's own release has failed: ${name} is ${judged ? "judged" : "passed over, its clock would never start"}`, async () => {
        const { asked } = await look({ site: fakeSite({ revisions: failed }), begun: hop, name });
        assert.equal(asked.length, judged ? 1 : 0);
      });
    }

    it("a gate whose subject is gone says so", async () => {
      const input = inputFor({ site, from: "4.7.20", to: "4.7.20", begun: hop });
      const { reasons } = await guardGate(recording("pcg-catch-up"), always).sample(input, neverAborted);
      assert.equal(
        reasons[0]?.message,
        "The hop 4.6.41 -> 4.7.20 has begun to roll 4.7.20 out: what the gate pcg-catch-up judges of 4.6.41 was proved before that and is gone, and the checks after the hop judge 4.7.20.",
      );
    });
  });

  const refused: [string, Place, string, string][] = [
    ["another cluster", { site: fakeSite({ uid: "uid-2" }) }, "fail", "CLUSTER_MISMATCH"],
    ["no installation", { site: fakeSite({ revisions: [] }) }, "unknown", "NO_INSTALLATION"],
    [
      "two installations",
      {
        site: fakeSite({
          revisions: [
            ...arrived("4.5.23", "4.6.41"),
            revision({ revision: 1, name: "bubble", chartVersion: "4.6.41" }),
          ],
        }),
      },
      "fail",
      "TWO_INSTALLATIONS",
    ],
    [
      "nothing deployed",
      { site: fakeSite({ revisions: [revision({ revision: 1, chartVersion: "4.6.41", status: "failed" })] }) },
      "unknown",
      "NOTHING_DEPLOYED",
    ],
    [
      "a chart version that is none of Palette's",
      { site: fakeSite({ revisions: [revision({ revision: 1, chartVersion: "4.6.41-rc.1" })] }) },
      "unknown",
      "VERSION_AMBIGUOUS",
    ],
    ["a destination that is behind", { to: "4.5.23" }, "fail", "VERSION_PASSED"],
    ["a check after a hop that did not arrive", { when: "after" }, "fail", "VERSION_NOT_REACHED"],
    [
      "an identity that may not be read",
      { site: fakeSite({}, { clusterUid: () => new SiteError("forbidden", "get namespaces is not allowed") }) },
      "unknown",
      "FORBIDDEN",
    ],
    [
      "records that cannot be read",
      { site: fakeSite({}, { helmRevisions: () => new SiteError("network", "no route") }) },
      "unknown",
      "SITE_UNREACHABLE",
    ],
  ];
  for (const [title, place, outcome, code] of refused) {
    it(`does not ask the gate at ${title}: ${code}`, async () => {
      const answer = await look(place);

      assert.deepEqual(answer, { outcome, codes: [code], asked: [] });
    });
  }

  it("tells both identities of a wrong cluster and what to do", async () => {
    const verdict = await guardGate(recording(), always).sample(
      inputFor({ site: fakeSite({ uid: "uid-2" }) }),
      neverAborted,
    );

    assert.equal(
      verdict.reasons[0]?.message,
      "This stack was enrolled on the cluster whose namespace kube-system has UID uid-1; the kubeconfig leads to one with uid-2. " +
        "Point palette:kubernetes.kubeconfig and palette:kubernetes.context at the enrolled cluster, or select the stack of this one.",
    );
  });

  it("passes as not applicable where nothing moves, and where data does not ask for it", async () => {
    const installed = await look({ to: "4.6.41" });
    const unneeded = await look({ needs: () => null });

    assert.deepEqual(installed, { outcome: "pass", codes: ["NOT_APPLICABLE"], asked: [] });
    assert.deepEqual(unneeded, { outcome: "pass", codes: ["NOT_APPLICABLE"], asked: [] });
  });

  it("only warns where data says that it is not mandatory, and keeps the code in the words", async () => {
    const failing: Gate = {
      ...recording(),
      sample: async () =>
        Promise.resolve({
          gate: "values",
          outcome: "fail",
          reasons: [{ code: "STALE", member: "m", message: "It is stale." }],
          observed: 1,
        }),
    };
    const soft = await guardGate(failing, () => ({ mandatory: false })).sample(inputFor(), neverAborted);
    const hard = await guardGate(failing, always).sample(inputFor(), neverAborted);

    assert.deepEqual(soft, {
      gate: "values",
      outcome: "pass",
      reasons: [{ code: "NOTE", member: "m", message: "STALE: It is stale." }],
      observed: 1,
    });
    assert.equal(hard.outcome, "fail");
  });

  describe("a reason that the hop in progress can explain", () => {
    const failed = revision({ revision: 3, chartVersion: "4.7.20", status: "failed" });
    const moved = revision({
      ...{ revision: 3, name: "cert-manager", chart: "cert-manager", chartVersion: "1.14.5" },
      description: "Palette 4.7.20",
    });
    const table: [title: string, revisions: ReturnType<typeof arrived>, explained: boolean][] = [
      ["Palette's own release was begun", [...arrived("4.5.23", "4.6.41"), failed], true],
      ["only a release beside Palette has moved: not explained", [...arrived("4.5.23", "4.6.41"), moved], false],
      ["nothing has moved: not explained", arrived("4.5.23", "4.6.41"), false],
    ];
    for (const [title, revisions, explained] of table) {
      it(title, async () => {
        const lagging: Gate = {
          ...recording("mongo-replica-set"),
          sample: () =>
            Promise.resolve({
              ...{ gate: "mongo-replica-set", outcome: "fail", observed: null },
              reasons: [{ code: "LAG", member: "mongo-2", message: "It lags." }],
            }),
        };
        const site = fakeSite({ revisions });
        const { outcome, reasons } = await guardGate(lagging, always).sample(inputFor({ site }), neverAborted);
        assert.deepEqual(
          [
            outcome,
            reasons[0]?.code,
            reasons[0]?.message.includes("The hop 4.6.41 -> 4.7.20 in progress can explain this"),
          ],
          ["fail", "LAG", explained],
        );
      });
    }
  });

  it("asks the data: FCV before 4.7 -> 4.8 and no other, PCG gates where PCGs may be", () => {
    const need = (name: Gate["name"], from: string, to: string, change = {}): boolean =>
      needsByData(name, "before", { from, to, change: "minor" }, settingsFor(change)) !== null;

    assert.equal(need("mongo-fcv", "4.7.27", "4.8.21"), true);
    assert.equal(need("mongo-fcv", "4.6.41", "4.7.20"), false);
    assert.equal(need("pcg-readiness", "4.6.41", "4.7.20"), true);
    assert.equal(need("pcg-readiness", "4.6.41", "4.7.20", { tenants: [] }), true, "not covered is to be found out");
    assert.equal(
      need("pcg-readiness", "4.6.41", "4.7.20", { tenants: [], pcg: { ...defaultGateSettings.pcg, none: true } }),
      false,
    );
    assert.equal(
      need("pcg-readiness", "4.6.41", "4.7.20", {
        tenants: [{ name: "acme", pcgs: [] }],
        pcg: { ...defaultGateSettings.pcg, none: true },
      }),
      true,
      "a tenant that is listed is asked",
    );
  });
});
