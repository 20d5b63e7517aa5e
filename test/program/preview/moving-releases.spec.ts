import assert from "node:assert/strict";
import { computeApproval } from "../../../lib/program/preview/assemble.js";
import { listMovingReleases } from "../../../lib/program/preview/releases.js";
import { type DeclaredRelease } from "../../../lib/program/step/releases/declared-release.js";
import { type Prepared } from "../../../lib/program/step/prepare.js";
import { type Step } from "../../../lib/program/step/step.js";
import { computeValuesDigest } from "../../../lib/site/helm/records.js";
import { type Observation } from "../../../lib/site/types.js";
import { revision } from "../../gates/fake-site.js";

const version = "4.6.41";
const values = { replicas: 2 };
const declared: DeclaredRelease = {
  ...{ role: "hubble", name: "hubble", namespace: "default", chart: "charts/hubble", chartVersion: version },
  ...{ values, valuesFrom: null, takeOwnership: false, exists: true },
};
const deployed = revision({
  ...{ revision: 3, chartVersion: version, description: `Palette ${version}` },
  valuesDigest: computeValuesDigest(values),
});

function observe(change: Partial<typeof deployed> | null = {}): Observation {
  const record = { ...deployed, ...change };
  const release = { role: "hubble" as const, name: "hubble", namespace: "default", deployed: record, newest: record };
  return {
    clusterUid: "uid",
    edition: "palette",
    observedVersion: version,
    releases: change === null ? [] : [release],
  };
}

const steps: Record<Step["kind"], Step> = {
  enrol: { kind: "enrol", destination: version, declareReleases: true },
  settle: { kind: "settle", from: "4.6.36", destination: version, ours: true, declareReleases: true },
  hop: { kind: "hop", from: "4.6.36", destination: version, resuming: false, declareReleases: true },
  install: { kind: "install", destination: version, resuming: false, declareReleases: true },
  done: { kind: "done", destination: version, declareReleases: true },
};

describe("the releases that an update moves, and what is approved with them", () => {
  const charts = new Map([[version, { hubble: { version, path: "c", sha256: "ab" } }]]) as never;
  const plan = { fingerprint: "p" } as Prepared["plan"];

  const cases: [
    title: string,
    kinds: Step["kind"][],
    observation: Observation | null,
    release: DeclaredRelease,
    moves: boolean,
  ][] = [
    ["as deployed", ["enrol", "settle", "done"], observe(), declared, false],
    ["as deployed, in a hop", ["hop", "install"], observe(), declared, true],
    ["other values", ["enrol", "settle", "done"], observe(), { ...declared, values: { replicas: 3 } }, true],
    ["another chart version", ["enrol", "settle", "done"], observe({ chartVersion: "4.6.36" }), declared, true],
    ["without this tool's mark", ["enrol", "settle", "done"], observe({ description: "by hand" }), declared, true],
    ["not installed", ["settle", "done"], observe(null), declared, true],
    ["stored values that stay as they are", ["done"], observe(), { ...declared, values: null }, false],
  ];
  for (const [title, kinds, observation, release, moves] of cases) {
    for (const kind of kinds) {
      it(`${kind}, ${title}: ${moves ? "moves, and is approved" : "does not move"}`, () => {
        const prepared = { step: steps[kind], plan, observation };
        assert.equal(listMovingReleases([release], prepared).length, moves ? 1 : 0);
        const approval = computeApproval(prepared, { releases: [release], charts }, { accept: [] });
        assert.equal(approval?.version ?? null, moves ? version : null);
      });
    }
  }

  for (const kind of ["hop", "done"] as const) {
    it(`${kind}, without the cluster: nothing that could be approved`, () => {
      const prepared = { step: steps[kind], plan, observation: null };
      assert.equal(computeApproval(prepared, { releases: [declared], charts }, { accept: [] }), null);
    });
  }
});
