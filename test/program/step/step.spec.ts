import assert from "node:assert/strict";
import { decideStep, type StepInput } from "../../../lib/program/step/step.js";
import { parseRecorded } from "../../../lib/program/step/recorded.js";
import { type HelmRevision, type HelmStatus, type ObservedRelease } from "../../../lib/site/types.js";

const now = new Date("2026-03-01T12:00:00Z");
const route = { to: "4.7.20", refusal: null, matrix: { id: "palette-kubernetes-4.7.20" } };

function revision(version: string, status: HelmStatus = "deployed", change: Partial<HelmRevision> = {}): HelmRevision {
  return {
    name: "hubble",
    namespace: "default",
    revision: 7,
    status,
    chart: "spectro-mgmt-plane",
    chartVersion: version,
    appVersion: version,
    description: "Upgrade complete",
    lastDeployed: "2026-03-01T11:00:00Z",
    valuesDigest: "d",
    ...change,
  };
}

function hubble(deployed: HelmRevision, newest: HelmRevision = deployed): ObservedRelease {
  return { role: "hubble", name: "hubble", namespace: "default", deployed, newest };
}

function certManager(status: HelmStatus, lastDeployed: string): ObservedRelease {
  const deployed = revision("1.14.4", "deployed", { name: "cert-manager" });
  const newest = revision("1.14.5", status, { name: "cert-manager", revision: 8, lastDeployed });
  return { role: "cert-manager", name: "cert-manager", namespace: "default", deployed, newest };
}

interface Case {
  observed: string;
  applied?: string;
  releases?: ObservedRelease[];
  next?: string | null;
  accept?: string;
  recorded?: Record<string, unknown>;
  clusterUid?: string;
}

function question({
  observed,
  applied,
  releases,
  next = "4.6.41",
  accept = "",
  recorded = {},
  clusterUid = "uid-1",
}: Case): StepInput {
  return {
    observation: {
      clusterUid,
      edition: "palette",
      observedVersion: observed,
      releases: releases ?? [hubble(revision(observed))],
    },
    recorded: parseRecorded({ ...(applied ? { appliedVersion: applied, clusterUid: "uid-1" } : {}), ...recorded }),
    plan: { ...route, from: observed, hops: next === null ? [] : [{ to: next }] },
    isSupported: (from, to) => from === "4.5.23" && to === "4.6.41",
    acceptVersion: accept,
    releaseTimeoutSeconds: 3600,
    stuckRemedy: null,
    now,
  };
}

describe("step", () => {
  it("a stack never enrolled enrols what is installed and declares no release", () => {
    assert.deepEqual(decideStep(question({ observed: "4.5.23" })), {
      kind: "enrol",
      destination: "4.5.23",
      declareReleases: false,
    });
  });

  it("4.5.23 settled -> hop to 4.6.41", () => {
    assert.deepEqual(decideStep(question({ observed: "4.5.23", applied: "4.5.23" })), {
      kind: "hop",
      from: "4.5.23",
      destination: "4.6.41",
      resuming: false,
      declareReleases: true,
    });
  });

  it("at the target, settled: done", () => {
    const step = decideStep(
      question({ observed: "4.6.41", applied: "4.6.41", next: null, recorded: { adopted: true } }),
    );
    assert.deepEqual(step, { kind: "done", destination: "4.6.41", declareReleases: true });
  });

  const ours = revision("4.6.41", "deployed", { description: "Palette 4.6.41" });

  it("installed by our hop but unchecked: settle, and the releases stay declared", () => {
    assert.deepEqual(decideStep(question({ observed: "4.6.41", applied: "4.5.23", releases: [hubble(ours)] })), {
      kind: "settle",
      from: "4.5.23",
      destination: "4.6.41",
      ours: true,
      declareReleases: true,
    });
  });

  describe("palette:install, on a stack without a record, and what bears this tool's mark", () => {
    const settles = { kind: "settle", from: "4.6.41", destination: "4.6.41", ours: true, declareReleases: true };
    const enrols = (declareReleases: boolean): unknown => ({ kind: "enrol", destination: "4.6.41", declareReleases });
    const table: [title: string, deployed: number, holdsReleases: boolean, install: boolean, step: unknown][] = [
      ["the first revision: this install, its checks still open", 1, false, true, settles],
      ["a later one that the stack's state holds: the same, at its second try", 2, true, true, settles],
      ["a later one of another stack's: enrolled, never taken for an install", 7, false, true, enrols(false)],
      ["without the key it is enrolled, the first revision too", 1, false, false, enrols(false)],
    ];
    for (const [title, number, holdsReleases, install, step] of table)
      it(title, () => {
        const releases = [hubble({ ...ours, revision: number })];
        assert.deepEqual(decideStep({ ...question({ observed: "4.6.41", releases }), holdsReleases, install }), step);
      });
  });

  const refused: [string, Case, string, RegExp][] = [
    [
      "a version a hand installed",
      { observed: "4.6.41", applied: "4.5.23" },
      "UNEXPLAINED_VERSION",
      /last settled on 4\.5\.23, and 4\.6\.41 is installed, but not by a hop/,
    ],
    [
      "our mark on a pair that is no row",
      {
        observed: "4.7.20",
        applied: "4.5.23",
        releases: [hubble(revision("4.7.20", "deployed", { description: "Palette 4.7.20" }))],
      },
      "UNEXPLAINED_VERSION",
      /4\.7\.20 is installed/,
    ],
    [
      "another cluster",
      { observed: "4.5.23", applied: "4.5.23", clusterUid: "uid-2" },
      "CLUSTER_MISMATCH",
      /UID uid-1; the kubeconfig leads to one with uid-2/,
    ],
    [
      "a hop begun before enrolment",
      { observed: "4.5.23", releases: [hubble(revision("4.5.23"), revision("4.6.41", "failed", { revision: 8 }))] },
      "HOP_BEGUN",
      /before this stack was enrolled/,
    ],
    [
      "a hop in progress along no row",
      {
        observed: "4.5.23",
        applied: "4.5.23",
        releases: [hubble(revision("4.5.23"), revision("4.7.20", "failed", { revision: 8 }))],
      },
      "HOP_BEGUN",
      /4\.5\.23 -> 4\.7\.20 is not a supported row/,
    ],
    [
      "a hop in progress on a version never settled",
      {
        observed: "4.5.23",
        applied: "4.4.20",
        releases: [hubble(revision("4.5.23"), revision("4.6.41", "failed", { revision: 8 }))],
      },
      "HOP_BEGUN",
      /checks of the installed 4\.5\.23 have never passed/,
    ],
    [
      "a young pending revision",
      {
        observed: "4.5.23",
        applied: "4.5.23",
        releases: [
          hubble(
            revision("4.5.23"),
            revision("4.6.41", "pending-upgrade", { revision: 8, lastDeployed: "2026-03-01T11:59:00Z" }),
          ),
        ],
      },
      "RELEASE_PENDING",
      /begun 60 s ago: someone is upgrading now/,
    ],
    [
      "an old pending revision",
      {
        observed: "4.5.23",
        applied: "4.5.23",
        releases: [
          hubble(
            revision("4.5.23"),
            revision("4.6.41", "pending-upgrade", { revision: 8, lastDeployed: "2026-03-01T02:00:00Z" }),
          ),
        ],
      },
      "RELEASE_STUCK",
      /^Release "hubble" in namespace "default" has revision 8 \(pending-upgrade\) for 4\.6\.41 for 600 minutes: its Helm is gone\.$/,
    ],
    [
      "a young pending revision of a release that goes before the platform",
      {
        observed: "4.5.23",
        applied: "4.5.23",
        releases: [hubble(revision("4.5.23")), certManager("pending-upgrade", "2026-03-01T11:59:00Z")],
      },
      "RELEASE_PENDING",
      /^Release "cert-manager" in namespace "default" has revision 8 \(pending-upgrade\) for 1\.14\.5, begun 60 s ago: someone is upgrading now, or a killed run's Helm is still at work\.$/,
    ],
    [
      "an old one of it, also where the platform's own has failed",
      {
        observed: "4.5.23",
        applied: "4.5.23",
        releases: [
          hubble(revision("4.5.23"), revision("4.6.41", "failed", { revision: 8 })),
          certManager("pending-rollback", "2026-03-01T11:00:00Z"),
        ],
      },
      "RELEASE_STUCK",
      /^Release "cert-manager" in namespace "default" has revision 8 \(pending-rollback\) for 1\.14\.5 for 60 minutes: its Helm is gone\.$/,
    ],
    [
      "a pending revision before enrolment",
      {
        observed: "4.5.23",
        releases: [hubble(revision("4.5.23")), certManager("pending-install", "2026-03-01T11:59:00Z")],
      },
      "RELEASE_PENDING",
      /^Release "cert-manager" /,
    ],
  ];
  for (const [title, input, code, message] of refused) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => decideStep(question(input)),
        (error: Error & { code: string; exitCode: number }) => {
          assert.equal(error.code, code);
          assert.match(error.message, message);
          assert.equal(error.exitCode, code === "RELEASE_PENDING" ? 5 : 3);
          return true;
        },
      );
    });
  }

  it("a hand-made version is taken when a person accepts it, and then only settles", () => {
    const step = decideStep(question({ observed: "4.6.41", applied: "4.5.23", accept: "4.6.41" }));
    assert.deepEqual(step, {
      kind: "settle",
      from: "4.5.23",
      destination: "4.6.41",
      ours: false,
      declareReleases: false,
    });
  });

  it("an acceptance of another version accepts nothing", () => {
    assert.throws(() => decideStep(question({ observed: "4.6.41", applied: "4.5.23", accept: "4.6.36" })), {
      code: "UNEXPLAINED_VERSION",
    });
  });

  it("a failed revision for 4.6.41 is the only next hop, whatever the target says", () => {
    const releases = [hubble(revision("4.5.23"), revision("4.6.41", "failed", { revision: 8 }))];
    assert.deepEqual(decideStep(question({ observed: "4.5.23", applied: "4.5.23", releases, next: "4.6.32" })), {
      kind: "hop",
      from: "4.5.23",
      destination: "4.6.41",
      resuming: true,
      declareReleases: true,
    });
  });

  it("a set half moved (cert-manager bears the newer mark) is that hop, resumed", () => {
    const certManager = revision("1.14.5", "deployed", { name: "cert-manager", description: "Palette 4.6.41" });
    const releases: ObservedRelease[] = [
      hubble(revision("4.5.23")),
      { role: "cert-manager", name: "cert-manager", namespace: "default", deployed: certManager, newest: certManager },
    ];
    const step = decideStep(question({ observed: "4.5.23", applied: "4.5.23", releases, next: "4.6.32" }));
    assert.equal(step.destination, "4.6.41");
  });

  it("cert-manager with the mark of the installed version is no hop in progress", () => {
    const certManager = revision("1.14.5", "deployed", { name: "cert-manager", description: "Palette 4.5.23" });
    const releases: ObservedRelease[] = [
      hubble(revision("4.5.23")),
      { role: "cert-manager", name: "cert-manager", namespace: "default", deployed: certManager, newest: certManager },
    ];
    const step = decideStep(question({ observed: "4.5.23", applied: "4.5.23", releases, next: "4.6.32" }));
    assert.equal(step.destination, "4.6.32");
  });
});
