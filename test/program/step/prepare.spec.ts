import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { InvalidInputError, RefusedError } from "../../../lib/base/errors/errors.js";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import { expandHop } from "../../../lib/planning/plan/expand.js";
import { planRoute } from "../../../lib/planning/plan/plan.js";
import { type Observation } from "../../../lib/site/types.js";
import { prepare, type PrepareDependencies } from "../../../lib/program/step/prepare.js";
import { parseRecorded } from "../../../lib/program/step/recorded.js";
import { settingsSchema } from "../../../lib/settings/schema.js";

const matrix = loadMatrix("palette-kubernetes-4.7.20");
const settings = settingsSchema.parse({ target: "4.7.20", matrix: matrix.id, clusterIdentifier: "c" });
const unreachable = new SiteError("network", "https://10.0.0.1 did not answer");

function seen(version: string, edition: Observation["edition"] = "palette"): Observation {
  return { clusterUid: "uid-1", edition, observedVersion: version, releases: [] };
}

function dependencies(
  change: Partial<PrepareDependencies> & { outputs?: Record<string, unknown> },
): PrepareDependencies {
  return {
    recorded: parseRecorded(
      change.outputs ?? { clusterUid: "uid-1", observedVersion: "4.6.41", appliedVersion: "4.6.41" },
    ),
    observe: () => Promise.resolve(seen("4.6.41")),
    matrix,
    computePlan: (from, facts) => planRoute({ from, to: "4.7.20", matrix, facts, today: "2026-11-21" }),
    expandHop: (from, to, facts) =>
      expandHop(from, to, { edition: "palette", method: "kubernetes", facts, matrixVersions: [] }),
    isPreview: false,
    readImportedReleases: () => Promise.resolve([]),
    readClusterSnapshot: () => Promise.reject(new Error("nothing is to be installed")),
    now: () => Promise.resolve(new Date("2026-03-01T12:00:00Z")),
    ...change,
  };
}

describe("prepare", () => {
  it("4.6.41 settled: this update is the hop to 4.7.20, nothing remains after it", async () => {
    const prepared = await prepare(settings, dependencies({}));
    assert.deepEqual([prepared.step.kind, prepared.step.destination], ["hop", "4.7.20"]);
    assert.equal(prepared.hop?.change, "minor");
    assert.deepEqual(prepared.remaining?.hops, []);
  });

  it("palette:install on what is installed: ignored, and said so; without the key nothing is said", async () => {
    const { step, notice } = await prepare({ ...settings, install: true }, dependencies({ outputs: {} }));
    assert.equal(step.kind, "enrol");
    assert.equal(
      notice,
      "palette:install is true, but 4.6.41 is installed: nothing is installed anew. Remove the key.",
    );
    assert.equal((await prepare(settings, dependencies({ outputs: {} }))).notice, null);
  });

  it("a target without a route refuses with the plan's own sentence", async () => {
    const asked = dependencies({
      outputs: { appliedVersion: "4.6.43", clusterUid: "uid-1" },
      observe: () => Promise.resolve(seen("4.6.43")),
    });
    await assert.rejects(prepare(settings, asked), { code: "NO_ROUTE" });
  });

  it("enrolling where there is no route goes on: the checks still run", async () => {
    const prepared = await prepare(
      settings,
      dependencies({ outputs: {}, observe: () => Promise.resolve(seen("4.6.43")) }),
    );
    assert.equal(prepared.step.kind, "enrol");
    assert.equal(prepared.plan?.outcome, "refused");
  });

  it("another edition than configured refuses", async () => {
    const asked = dependencies({ observe: () => Promise.resolve(seen("4.6.41", "vertex")) });
    await assert.rejects(prepare(settings, asked), { code: "EDITION_MISMATCH" });
  });

  it("unreachable in an update refuses: it is never read as absent", async () => {
    const asked = dependencies({ observe: () => Promise.reject(unreachable) });
    await assert.rejects(prepare(settings, asked), { code: "CLUSTER_UNREACHABLE" });
  });

  it("unreachable in a preview falls back on the record and says so", async () => {
    const asked = dependencies({ observe: () => Promise.reject(unreachable), isPreview: true });
    const prepared = await prepare(settings, asked);
    assert.equal(prepared.step.destination, "4.7.20");
    assert.equal(prepared.observation, null);
    assert.match(prepared.notice ?? "", /^Preview without the cluster \(https:\/\/10\.0\.0\.1 did not answer\)/);
  });

  it("unreachable in a first preview takes palette:expectedVersion, and without it refuses", async () => {
    const asked = dependencies({ observe: () => Promise.reject(unreachable), isPreview: true, outputs: {} });
    await assert.rejects(prepare(settings, asked), { code: "CLUSTER_UNREACHABLE" });
    const prepared = await prepare({ ...settings, expectedVersion: "4.6.41" }, asked);
    assert.deepEqual([prepared.step.kind, prepared.step.destination], ["enrol", "4.6.41"]);
  });

  it("a kubeconfig that is not there: the setting is named, in an update and in a first preview", async () => {
    const next = "Set palette:kubeconfig to a readable file.";
    const error = new InvalidInputError("KUBECONFIG_UNREADABLE", "The kubeconfig k cannot be used.", { next });
    const asked = { observe: () => Promise.reject(error), outputs: {} };
    await assert.rejects(prepare(settings, dependencies(asked)), {
      code: "CLUSTER_UNREACHABLE",
      next: `${next} Then run this again; unreachable is never read as absent.`,
    });
    await assert.rejects(prepare(settings, dependencies({ ...asked, isPreview: true })), {
      code: "CLUSTER_UNREACHABLE",
      next: `${next} For a preview without the cluster, set palette:expectedVersion to the installed version, e.g. "4.6.41".`,
    });
  });

  it("unreachable before an installation: no installed version is asked for, there is none", async () => {
    const asked = { observe: () => Promise.reject(unreachable), isPreview: true, outputs: {} };
    const next = async (install: boolean): Promise<string | undefined> => {
      const refusal: unknown = await prepare({ ...settings, install }, dependencies(asked)).catch(
        (error: unknown) => error,
      );
      assert.ok(refusal instanceof RefusedError && refusal.code === "CLUSTER_UNREACHABLE");
      return refusal.next;
    };
    assert.equal(await next(true), "Make it reachable.");
    assert.equal(
      await next(false),
      'Make it reachable. For a preview without the cluster, set palette:expectedVersion to the installed version, e.g. "4.6.41".',
    );
  });

  it("without the cluster it is said whose word the version is: the record's, or a person's", async () => {
    const notice = async (outputs: Record<string, unknown>): Promise<string | null> => {
      const asked = dependencies({ observe: () => Promise.reject(unreachable), isPreview: true, outputs });
      return (await prepare({ ...settings, expectedVersion: "4.6.41" }, asked)).notice;
    };
    const rest = "gates will check, and releases still to be adopted are shown as new.";
    const start = "Preview without the cluster (https://10.0.0.1 did not answer)";
    assert.equal(await notice({}), `${start}: the version is that of palette:expectedVersion, ${rest}`);
    assert.equal(
      await notice({ clusterUid: "uid-1", observedVersion: "4.6.41", appliedVersion: "4.6.41" }),
      `${start}: versions are the recorded ones, ${rest}`,
    );
  });

  it("a fault of our own is not taken for an unreachable cluster", async () => {
    const asked = dependencies({ observe: () => Promise.reject(new TypeError("bug")), isPreview: true });
    await assert.rejects(prepare(settings, asked), TypeError);
  });
});
