import assert from "node:assert/strict";
import { readInstalledState } from "../../lib/acts/place.js";
import { attempt, toRefusal } from "../../lib/base/errors/refusal.js";
import { toStackStatus } from "../../lib/driver/status.js";
import { guardGate } from "../../lib/gates/run/guarded.js";
import { helmReleaseGate } from "../../lib/gates/helm-release/gate.js";
import { loadMatrix } from "../../lib/planning/matrix/load.js";
import { guardInstall } from "../../lib/program/step/guard/guard-install.js";
import { guardRelease } from "../../lib/program/step/guard/guard.js";
import { type Observed, observeSite } from "../../lib/program/step/observe.js";
import { prepareUpdate } from "../../lib/program/step/prepare.js";
import { parseRecorded } from "../../lib/program/step/recorded.js";
import { settingsSchema } from "../../lib/settings/schema.js";
import { type HelmRevision, type Site } from "../../lib/site/types.js";
import { arrived, FakeClock, fakeSite, inputFor, neverAborted, revision, settingsFor } from "../gates/fake-site.js";

const matrix = loadMatrix("palette-kubernetes-4.7.20");
const settings = settingsSchema.parse({ target: "4.7.20", matrix: matrix.id, clusterIdentifier: "c" });
const clock = new FakeClock();
const edge = { from: "4.6.41", to: "4.7.20" };

/** The version that a reader takes for installed, or the code it refuses with. */
type Answer = string;
type Reader = (site: Site) => Promise<Answer>;

const observe = (site: Site): Promise<Observed> => observeSite(() => site.kubernetes, settings);
const never = (): Promise<never> => Promise.reject(new Error("not asked for"));

/** The code that a hook throws; null where it lets the release go. */
async function refuse(hook: () => Promise<void>): Promise<string | null> {
  const end = await attempt(hook);
  return end.ok ? null : end.refusal.code;
}

const readers: Record<string, Reader> = {
  program: async (site) => {
    const observed = await observe(site);
    return observed.state === "installed" ? observed.observation.observedVersion : toRefusal(observed.error).code;
  },
  gate: async (site) => {
    const gate = guardGate(helmReleaseGate);
    const { reasons } = await gate.sample(inputFor({ site, from: edge.to, to: edge.to }), neverAborted);
    return gate.getEdge()?.from ?? reasons[0]!.code;
  },
  status: async (site) => {
    const recorded = parseRecorded({ clusterUid: "uid-1", observedVersion: "4.6.41", appliedVersion: "4.6.41" });
    const seen = await observe(site);
    const prepared = await attempt(async () =>
      prepareUpdate(
        {
          settings,
          recorded,
          vendor: matrix,
          matrix,
          today: "2026-11-21",
          isPreview: true,
          environment: {},
          isSupported: () => true,
          clock,
          readImportedReleases: never,
          readClusterSnapshot: never,
          adviseStuckRevision: never,
        },
        seen,
      ),
    );
    const status = toStackStatus({
      address: { server: "https://k8s.example:6443", context: "prod" },
      stack: "prod",
      settings,
      recorded,
      observation: seen.state === "installed" ? seen.observation : null,
      prepared: prepared.ok ? prepared.value : null,
      refusal: prepared.ok ? null : toRefusal(prepared.refusal),
      lock: null,
      driver: { driver: null, unseen: null },
      journal: { where: "", entries: [], fault: null },
      today: "2026-11-21",
    });
    return status.refusal?.code ?? status.installed!;
  },
  act: async (site) => {
    const { live, refusals } = await readInstalledState({
      site,
      settings: settingsFor(),
      hop: edge,
      options: {},
      secrets: { apiKeys: [], mongoUri: "", chartsPassword: "" },
      clock,
      signal: neverAborted,
    });
    return live ?? refusals[0]!.code;
  },
  "hook of a hop": async (site) => {
    const code = await refuse(() =>
      guardRelease("hubble", {
        ...edge,
        destination: edge.to,
        clusterUid: "uid-1",
        isSupported: () => true,
        observe: () => observe(site),
        gates: { every: [], start: [] },
        judge: never,
        getPassedAt: () => null,
        run: { hasJudgedAll: false },
        recordPass: () => undefined,
        now: () => clock.now(),
      }),
    );
    return code ?? edge.from;
  },
  "hook of an install": async (site) => {
    const code = await refuse(() =>
      guardInstall("hubble", {
        settings,
        matrix,
        clock,
        destination: edge.from,
        clusterUid: "uid-1",
        observe: () => observe(site),
        readClusterSnapshot: async () => ({
          clusterUid: "uid-1",
          revisions: await site.kubernetes.helmRevisions(),
          namespaces: [],
          objects: [],
        }),
        gates: [],
        judge: never,
        getPassedAt: () => null,
        run: { hasJudgedAll: false },
      }),
    );
    return code ?? edge.from;
  },
};

/** Readers that go on where nothing is deployed: an install is decided on the whole cluster, not on this answer. */
const installing: readonly string[] = ["hook of an install"];

const hop = arrived("4.5.23", "4.6.41");
const certManager = (change: Partial<HelmRevision>): HelmRevision =>
  revision({ revision: 1, name: "cert-manager", chart: "cert-manager", chartVersion: "1.14.5", ...change });

const histories: [title: string, revisions: HelmRevision[], answer: Answer][] = [
  ["a hop that has arrived", hop, "4.6.41"],
  [
    "a second release of the chart, uninstalled with its history kept",
    [...hop, revision({ revision: 3, name: "old", chartVersion: "4.5.23", status: "uninstalled" })],
    "4.6.41",
  ],
  [
    "the same, where an earlier revision of it is kept as superseded",
    [
      revision({ revision: 1, name: "a", chartVersion: "4.4.20", status: "superseded" }),
      revision({ revision: 2, name: "a", chartVersion: "4.5.23", status: "uninstalled" }),
      ...hop,
    ],
    "4.6.41",
  ],
  [
    "a second release of the chart that is failed, not uninstalled",
    [...hop, revision({ revision: 1, name: "old", chartVersion: "4.5.23", status: "failed" })],
    "TWO_INSTALLATIONS",
  ],
  [
    "two releases of another chart of the product",
    [...hop, certManager({}), certManager({ namespace: "cert-manager" })],
    "TWO_INSTALLATIONS",
  ],
  [
    "another chart's second release, uninstalled with its history kept",
    [...hop, certManager({}), certManager({ namespace: "cert-manager", status: "uninstalled" })],
    "4.6.41",
  ],
  [
    "chart 4.6.41 with app version 4.6.40",
    [revision({ revision: 1, chartVersion: "4.6.41", appVersion: "4.6.40" })],
    "VERSION_AMBIGUOUS",
  ],
  [
    "a chart without an app version",
    [revision({ revision: 1, chartVersion: "4.6.41", appVersion: "" })],
    "VERSION_AMBIGUOUS",
  ],
  [
    "a version that is none of Palette's",
    [revision({ revision: 1, chartVersion: "4.6.41-rc.1" })],
    "VERSION_AMBIGUOUS",
  ],
  ["no deployed revision", [revision({ revision: 1, chartVersion: "4.6.41", status: "failed" })], "NOTHING_DEPLOYED"],
  [
    "no deployed revision, the newest is being uninstalled",
    [revision({ revision: 1, chartVersion: "4.6.41", status: "uninstalling" })],
    "NOTHING_DEPLOYED",
  ],
  ["hubble uninstalled", [revision({ revision: 1, chartVersion: "4.6.41", status: "uninstalled" })], "NO_INSTALLATION"],
  ["nothing at all", [], "NO_INSTALLATION"],
  [
    "Palette in another namespace only",
    [revision({ revision: 1, chartVersion: "4.6.41", namespace: "other" })],
    "NO_INSTALLATION",
  ],
];

describe("what is installed: one answer everywhere", () => {
  for (const [title, revisions, answer] of histories) {
    it(`${title}: ${answer}`, async () => {
      const isEmpty = ["NOTHING_DEPLOYED", "NO_INSTALLATION"].includes(answer);
      const names = Object.keys(readers).filter((name) => !isEmpty || !installing.includes(name));
      const answers = await Promise.all(
        names.map(async (name) => [name, await readers[name]!(fakeSite({ revisions }))]),
      );
      assert.deepEqual(Object.fromEntries(answers), Object.fromEntries(names.map((name) => [name, answer])));
    });
  }

  it("a gate's message is the program's, with its next step", async () => {
    const site = fakeSite({ revisions: [] });
    const observed = await observe(site);
    assert.ok(observed.state === "empty");
    const { reasons } = await guardGate(helmReleaseGate).sample(inputFor({ site }), neverAborted);
    assert.equal(reasons[0]?.message, `${observed.error.message} ${observed.error.next}`);
  });
});
