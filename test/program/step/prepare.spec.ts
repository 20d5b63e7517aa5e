import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { InvalidInputError, RefusedError } from "../../../lib/base/errors/errors.js";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import { listEdges } from "../../../lib/planning/matrix/lookup.js";
import { type Observed } from "../../../lib/program/step/observe.js";
import { type Prepared, prepareUpdate } from "../../../lib/program/step/prepare.js";
import { parseRecorded } from "../../../lib/program/step/recorded.js";
import { type Settings, settingsSchema } from "../../../lib/settings/schema.js";
import { revision } from "../../gates/fake-site.js";

const matrix = loadMatrix("palette-kubernetes-4.7.20");
const edges = listEdges(matrix);
const settings = settingsSchema.parse({ target: "4.7.20", matrix: matrix.id, clusterIdentifier: "c" });
const unreachable: Observed = {
  state: "unreachable",
  error: new SiteError("network", "https://10.0.0.1 did not answer"),
};

function seen(observedVersion: string): Observed {
  return {
    state: "installed",
    observation: { clusterUid: "uid-1", edition: "palette", observedVersion, releases: [] },
  };
}

interface Case {
  settings?: Partial<Settings>;
  outputs?: Record<string, unknown>;
  observed?: Observed;
  isPreview?: boolean;
}

/** 4.6.41 is installed and settled where the case does not say otherwise. */
function prepare({ outputs, observed = seen("4.6.41"), isPreview = false, ...change }: Case): Promise<Prepared> {
  return prepareUpdate(
    {
      settings: { ...settings, ...change.settings },
      recorded: parseRecorded(outputs ?? { clusterUid: "uid-1", observedVersion: "4.6.41", appliedVersion: "4.6.41" }),
      vendor: matrix,
      matrix,
      today: "2026-11-21",
      isPreview,
      environment: { PALETTE_ACTOR: "ana" },
      isSupported: (from, to) => edges.has(from, to),
      clock: { now: () => Promise.resolve(new Date("2026-03-01T12:00:00Z")), sleep: () => Promise.resolve() },
      readImportedReleases: () => Promise.resolve([]),
      readClusterSnapshot: () => Promise.reject(new Error("nothing is to be installed")),
      adviseStuckRevision: (stuck, live) => Promise.resolve(`Undo ${stuck.name} beside ${live}.`),
    },
    observed,
  );
}

describe("prepare", () => {
  it("4.6.41 settled: this update is the hop to 4.7.20, nothing remains after it", async () => {
    const prepared = await prepare({});
    assert.deepEqual([prepared.step.kind, prepared.step.destination], ["hop", "4.7.20"]);
    assert.equal(prepared.hop?.change, "minor");
    assert.deepEqual(prepared.remaining?.hops, []);
  });

  it("palette:install on what is installed: ignored, and said so; without the key nothing is said", async () => {
    const { step, notice } = await prepare({ settings: { install: true }, outputs: {} });
    assert.equal(step.kind, "enrol");
    assert.equal(
      notice,
      "palette:install is true, but 4.6.41 is installed: nothing is installed anew. Remove the key.",
    );
    assert.equal((await prepare({ outputs: {} })).notice, null);
  });

  it("a target without a route refuses with the plan's own sentence", async () => {
    const outputs = { appliedVersion: "4.6.43", clusterUid: "uid-1" };
    await assert.rejects(prepare({ outputs, observed: seen("4.6.43") }), { code: "NO_ROUTE" });
  });

  it("enrolling where there is no route goes on: the checks still run", async () => {
    const prepared = await prepare({ outputs: {}, observed: seen("4.6.43") });
    assert.equal(prepared.step.kind, "enrol");
    assert.equal(prepared.plan?.outcome, "refused");
  });

  it("what is unclear refuses with its own error, also where something is to be installed", async () => {
    const error = new RefusedError("EDITION_MISMATCH", "Version 4.6.41 is installed as vertex.");
    for (const install of [false, true]) {
      const asked: Case = {
        settings: { install },
        observed: { state: "unclear", error },
        outputs: {},
        isPreview: true,
      };
      await assert.rejects(prepare(asked), error);
    }
  });

  it("empty refuses where nothing is to be installed", async () => {
    const error = new RefusedError("NO_INSTALLATION", "There is none.");
    await assert.rejects(prepare({ observed: { state: "empty", error } }), error);
    // A settled stack never installs anew.
    await assert.rejects(prepare({ settings: { install: true }, observed: { state: "empty", error } }), error);
  });

  it("a stuck revision refuses with the remedy that fits what runs; one at work waits and asks for none", async () => {
    const at = (lastDeployed: string): Observed => {
      const newest = revision({ revision: 3, chartVersion: "4.7.20", status: "pending-upgrade", lastDeployed });
      const deployed = revision({ revision: 2, chartVersion: "4.6.41" });
      const release = { role: "hubble" as const, name: "hubble", namespace: "default", deployed, newest };
      const observation = { clusterUid: "uid-1", edition: "palette" as const, observedVersion: "4.6.41" };
      return { state: "installed", observation: { ...observation, releases: [release] } };
    };
    await assert.rejects(prepare({ observed: at("2026-03-01T11:00:00Z") }), {
      code: "RELEASE_STUCK",
      message:
        'Release "hubble" in namespace "default" has revision 3 (pending-upgrade) for 4.7.20 for 60 minutes: its Helm is gone.',
      next: "Undo hubble beside 4.6.41.",
    });
    await assert.rejects(prepare({ observed: at("2026-03-01T11:00:01Z") }), {
      code: "RELEASE_PENDING",
      next: "Wait until it ends (at most 3600 s), then run the same command again.",
    });
  });

  describe("a failed revision 4.6.41 over 4.5.23", () => {
    const outputs = { clusterUid: "uid-1", observedVersion: "4.5.23", appliedVersion: "4.5.23" };
    const newest = revision({ revision: 3, chartVersion: "4.6.41", status: "failed" });
    const deployed = revision({ revision: 2, chartVersion: "4.5.23" });
    const release = { role: "hubble" as const, name: "hubble", namespace: "default", deployed, newest };
    const observation = { clusterUid: "uid-1", edition: "palette" as const, observedVersion: "4.5.23" };
    const observed: Observed = { state: "installed", observation: { ...observation, releases: [release] } };
    const stops = ({ plan }: Prepared): string[] => plan?.hops.map(({ to }) => to) ?? [];

    for (const [target, planned, remaining, onRoute] of [
      ["4.6.32", ["4.6.41"], "DOWNGRADE", false],
      ["4.7.20", ["4.6.41", "4.7.20"], ["4.7.20"], true],
      ["4.6.41", ["4.6.41"], [], true],
      ["4.5.23", ["4.6.41"], "DOWNGRADE", false],
    ] as const) {
      it(`target ${target}: the plan is ${planned.join(" -> ")}, the hop its own, and it asks for a person's word`, async () => {
        const prepared = await prepare({ outputs, observed, settings: { target } });
        const { step, hop, hopInProgress } = prepared;
        assert.deepEqual(step, {
          ...{ kind: "hop", from: "4.5.23", destination: "4.6.41", resuming: true, declareReleases: true },
        });
        assert.deepEqual([stops(prepared), hop?.to], [planned, "4.6.41"]);
        const rest = prepared.remaining;
        assert.deepEqual(rest?.refusal?.code ?? rest?.hops.map(({ to }) => to), remaining);
        assert.deepEqual([hopInProgress?.onRoute, hopInProgress?.refusal?.code], [onRoute, "HOP_IN_PROGRESS"]);
      });
    }

    it("negative twin: without it the plan is the target's and no word is asked for", async () => {
      const seenWhole: Observed = {
        state: "installed",
        observation: { ...observation, releases: [{ ...release, newest: deployed }] },
      };
      const prepared = await prepare({ outputs, observed: seenWhole, settings: { target: "4.6.32" } });
      assert.deepEqual([stops(prepared), prepared.hopInProgress], [["4.6.32"], null]);
    });
  });

  it("unreachable in an update refuses: it is never read as absent", async () => {
    await assert.rejects(prepare({ observed: unreachable }), { code: "CLUSTER_UNREACHABLE" });
  });

  it("unreachable in a preview falls back on the record and says so", async () => {
    const prepared = await prepare({ observed: unreachable, isPreview: true });
    assert.equal(prepared.step.destination, "4.7.20");
    assert.equal(prepared.observation, null);
    assert.match(prepared.notice ?? "", /^Preview without the cluster \(https:\/\/10\.0\.0\.1 did not answer\)/);
  });

  it("unreachable in a first preview takes palette:installedVersion.expected, and without it refuses", async () => {
    const asked: Case = { observed: unreachable, isPreview: true, outputs: {} };
    await assert.rejects(prepare(asked), { code: "CLUSTER_UNREACHABLE" });
    const prepared = await prepare({
      ...asked,
      settings: { installedVersion: { expected: "4.6.41", accepted: null } },
    });
    assert.deepEqual([prepared.step.kind, prepared.step.destination], ["enrol", "4.6.41"]);
  });

  it("a kubeconfig that is not there: the setting is named, in an update and in a first preview", async () => {
    const next = "Set palette:kubernetes.kubeconfig to a readable file.";
    const error = new InvalidInputError("KUBECONFIG_UNREADABLE", "The kubeconfig k cannot be used.", { next });
    const asked: Case = { observed: { state: "unreachable", error }, outputs: {} };
    await assert.rejects(prepare(asked), {
      code: "CLUSTER_UNREACHABLE",
      next: `${next} Then run this again; unreachable is never read as absent.`,
    });
    await assert.rejects(prepare({ ...asked, isPreview: true }), {
      code: "CLUSTER_UNREACHABLE",
      next: `${next} For a preview without the cluster, set palette:installedVersion.expected to the installed version, e.g. "4.6.41".`,
    });
  });

  it("unreachable before an installation: no installed version is asked for, there is none", async () => {
    const asked: Case = { observed: unreachable, isPreview: true, outputs: {} };
    const next = async (install: boolean): Promise<string | undefined> => {
      const refusal: unknown = await prepare({ ...asked, settings: { install } }).catch((error: unknown) => error);
      assert.ok(refusal instanceof RefusedError && refusal.code === "CLUSTER_UNREACHABLE");
      return refusal.next;
    };
    assert.equal(await next(true), "Make it reachable.");
    assert.equal(
      await next(false),
      'Make it reachable. For a preview without the cluster, set palette:installedVersion.expected to the installed version, e.g. "4.6.41".',
    );
  });

  it("without the cluster it is said whose word the version is: the record's, or a person's", async () => {
    const notice = async (outputs: Record<string, unknown>): Promise<string | null> => {
      const asked: Case = { observed: unreachable, isPreview: true, outputs };
      return (await prepare({ ...asked, settings: { installedVersion: { expected: "4.6.41", accepted: null } } }))
        .notice;
    };
    const rest =
      "gates will check, releases still to be adopted are shown as new, and nobody can approve it, since what would move is not seen.";
    const start = "Preview without the cluster (https://10.0.0.1 did not answer)";
    assert.equal(await notice({}), `${start}: the version is that of palette:installedVersion.expected, ${rest}`);
    assert.equal(
      await notice({ clusterUid: "uid-1", observedVersion: "4.6.41", appliedVersion: "4.6.41" }),
      `${start}: versions are the recorded ones, ${rest}`,
    );
  });
});
