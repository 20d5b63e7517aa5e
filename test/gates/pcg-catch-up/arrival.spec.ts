import assert from "node:assert/strict";
import { computeArrival } from "../../../lib/gates/pcg-catch-up/clock.js";
import { type Arrival } from "../../../lib/gates/verdict/run-memory.js";
import { selectProductReleases } from "../../../lib/site/helm/releases.js";
import type { HelmRevision, Pod, Workload } from "../../../lib/site/types.js";
import { at, pod, revision, workload } from "../fake-site.js";

/** Status, version and minute of each revision, oldest first. */
type History = [status: string, version: string, minute: number][];

function arrived(history: History, more: { workloads?: Workload[]; pods?: Pod[]; ingress?: number } = {}): Arrival {
  const revisions = history.map(([status, chartVersion, minute], index): HelmRevision =>
    revision({ revision: index + 1, status: status as HelmRevision["status"], chartVersion, lastDeployed: at(minute) }),
  );
  const [release] = selectProductReleases(revisions);
  assert.ok(release !== undefined && release.deployed !== null);
  const hubble = { ...release, role: "hubble" as const, deployed: release.deployed };
  const { workloads = [workload()], pods = [pod({ startTime: at(5) })], ingress } = more;
  const ingressProvedAt = ingress === undefined ? null : at(ingress);
  return computeArrival({ hubble, workloads, pods, ingressProvedAt });
}

const hop: History = [
  ["superseded", "4.5.23", -900],
  ["deployed", "4.6.41", 0],
];

describe("when the installed version came", () => {
  const table: [title: string, history: History, from: string, deployed: number][] = [
    ["a hop", hop, "4.5.23", 0],
    ["the first installation: no version before", [["deployed", "4.6.41", 0]], "4.6.41", 0],
    ["values changed later: no new hop", [...hop.slice(0, 1), ["superseded", "4.6.41", 0], ["deployed", "4.6.41", 90]], "4.5.23", 0], // prettier-ignore
    ["values changed twice", [...hop.slice(0, 1), ["superseded", "4.6.41", 0], ["superseded", "4.6.41", 50], ["deployed", "4.6.41", 90]], "4.5.23", 0], // prettier-ignore
    ["the first try failed: not deployed by that", [...hop.slice(0, 1), ["failed", "4.6.41", -20], ["deployed", "4.6.41", 0]], "4.5.23", 0], // prettier-ignore
    ["the same version earlier, another between", [["superseded", "4.6.41", -999], ["superseded", "4.5.23", -900], ["deployed", "4.6.41", 0]], "4.5.23", 0], // prettier-ignore
    ["another version between that failed", [["superseded", "4.5.23", -900], ["superseded", "4.6.41", -50], ["failed", "4.7.20", -20], ["deployed", "4.6.41", 0]], "4.5.23", -50], // prettier-ignore
    ["a version after that failed", [...hop, ["failed", "4.7.20", 60]], "4.5.23", 0],
    ["a version after that was superseded by nothing yet", [...hop, ["superseded", "4.7.20", 60]], "4.5.23", 0],
    ["values changed, and a version after that superseded", [["superseded", "4.5.23", -900], ["superseded", "4.6.41", -50], ["deployed", "4.6.41", 0], ["superseded", "4.7.20", 60]], "4.5.23", -50], // prettier-ignore
    ["two hops: the last one counts", [["superseded", "4.4.20", -999], ["superseded", "4.5.23", -900], ["deployed", "4.6.41", 0]], "4.5.23", 0], // prettier-ignore
  ];
  for (const [title, history, from, deployed] of table) {
    it(title, () => {
      const { version, from: seen, deployedAt } = arrived(history);
      assert.deepEqual([version, seen, deployedAt], ["4.6.41", from, at(deployed)]);
    });
  }

  it("the kind of the hop is told by its two versions", () => {
    const kind = (from: string, to: string): string => arrived([["superseded", from, -9], ["deployed", to, 0]]).change; // prettier-ignore
    assert.deepEqual(
      [kind("4.6.36", "4.6.41"), kind("4.5.23", "4.6.41"), kind("4.9.51", "5.0.1"), arrived([["deployed", "4.6.41", 0]]).change],
      ["patch", "minor", "major", "none"],
    ); // prettier-ignore
  });
});

describe("when its gateways' clock starts", () => {
  const notReady = (name: string): Workload => workload({ name, ready: 1 });

  it("at the latest of deployment, newest pod and proved ingress", () => {
    const { startedAt, notYet } = arrived(hop);
    assert.deepEqual([startedAt, notYet], [at(5), []]);
    assert.equal(arrived(hop, { pods: [pod({ startTime: at(-3) })] }).startedAt, at(0));
    assert.equal(arrived(hop, { ingress: 20 }).startedAt, at(20));
    assert.equal(arrived(hop, { ingress: 2 }).startedAt, at(5));
    assert.equal(arrived(hop, { pods: [pod({ startTime: at(7) }), pod({ startTime: at(6) })] }).startedAt, at(7));
  });

  it("a pod that has not started, or is nobody's of the version, is no measure", () => {
    const other = pod({ startTime: at(30), ownerKind: "Job", ownerName: "night" });
    assert.equal(arrived(hop, { pods: [pod({ startTime: null }), other] }).startedAt, at(0));
  });

  it("not while a workload is not rolled out: each is named, in order", () => {
    const { startedAt, notYet } = arrived(hop, { workloads: [notReady("web"), workload(), notReady("api")] });
    assert.deepEqual([startedAt, notYet], [null, ["hubble-system/api", "hubble-system/web"]]);
  });

  it("not where no workload was seen", () => {
    const { startedAt, notYet } = arrived(hop, { workloads: [] });
    assert.deepEqual([startedAt, notYet], [null, ["no workload was seen"]]);
  });
});
