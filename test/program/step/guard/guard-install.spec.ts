import assert from "node:assert/strict";
import { RefusedError } from "../../../../lib/base/errors/errors.js";
import { type Gate, type GateReport } from "../../../../lib/gates/verdict/types.js";
import { loadMatrix } from "../../../../lib/planning/matrix/load.js";
import { type Observed } from "../../../../lib/program/step/observe.js";
import { SiteError } from "../../../../lib/base/errors/site-error.js";
import { type HelmRevision } from "../../../../lib/site/types.js";
import { guardInstall, type GuardInstallInput } from "../../../../lib/program/step/guard/guard-install.js";
import { freshSeconds } from "../../../../lib/program/step/guard/guard.js";
import { type ClusterSnapshot } from "../../../../lib/program/step/install.js";
import { settingsSchema } from "../../../../lib/settings/schema.js";

const now = new Date("2026-03-01T12:00:00Z");
const secondsAgo = (seconds: number) => (): string => new Date(now.getTime() - seconds * 1000).toISOString();

interface Seen {
  live?: string;
  snapshot?: Partial<ClusterSnapshot>;
  passedAt?: () => string | null;
  outcome?: GateReport["outcome"];
}

function revision(change: Partial<HelmRevision>): HelmRevision {
  return {
    name: "cert-manager",
    namespace: "default",
    revision: 1,
    status: "deployed",
    chart: "cert-manager",
    chartVersion: "1.19.1",
    appVersion: "1.19.1",
    description: "Palette 4.7.20",
    lastDeployed: "2026-03-01T11:00:00Z",
    valuesDigest: "",
    ...change,
  };
}

function seenAs(live: string | undefined): Observed {
  if (live === undefined)
    return { state: "empty", error: new RefusedError("NO_INSTALLATION", "No Palette is installed.") };
  return {
    state: "installed",
    observation: { clusterUid: "uid-1", edition: "palette", observedVersion: live, releases: [] },
  };
}

function asked({ live, snapshot, passedAt = secondsAgo(freshSeconds + 1), outcome = "pass" }: Seen): {
  question: GuardInstallInput;
  judged: string[];
} {
  const judged: string[] = [];
  const observe = (): Promise<Observed> => Promise.resolve(seenAs(live));
  const clean: ClusterSnapshot = { clusterUid: "uid-1", revisions: [], namespaces: ["default"], objects: [] };
  const question: GuardInstallInput = {
    settings: settingsSchema.parse({ target: "4.7.20", matrix: "m", clusterIdentifier: "c" }),
    matrix: loadMatrix("palette-kubernetes-4.7.20"),
    clock: { now: () => Promise.resolve(now), sleep: () => Promise.resolve() },
    run: { hasJudgedAll: false },
    destination: "4.7.20",
    clusterUid: "uid-1",
    observe,
    readClusterSnapshot: () => Promise.resolve({ ...clean, ...snapshot }),
    gates: [{ name: "kubernetes-version" } as Gate, { name: "window" } as Gate],
    judge: ({ name }) => {
      judged.push(name);
      const reasons = outcome === "pass" ? [] : [{ code: "OUTSIDE", member: null, message: "No window is open." }];
      return Promise.resolve({ gate: name, outcome, reasons } as unknown as GateReport);
    },
    getPassedAt: passedAt,
  };
  return { question, judged };
}

describe("guard of a fresh install", () => {
  const all = ["kubernetes-version", "window"];
  const table: [title: string, seen: Seen, judged: string[]][] = [
    ["nothing begun, the Commands passed in an earlier update: all gates again", {}, all],
    ["nothing begun, nothing known of a pass: the same", { passedAt: () => null }, all],
    ["nothing begun, a pass as old as counts: none again", { passedAt: secondsAgo(freshSeconds) }, []],
    ["begun by this install in an earlier update: all gates again", { snapshot: { revisions: [revision({})] } }, all],
    ["the destination is installed, a release of it still to come: all gates again", { live: "4.7.20" }, all],
    ["the same, all passed in this run a moment ago: none again", { live: "4.7.20", passedAt: secondsAgo(1) }, []],
  ];
  for (const [title, seen, expected] of table) {
    it(title, async () => {
      const { question, judged } = asked(seen);
      await guardInstall("cert-manager", question);
      assert.deepEqual(judged, expected);
    });
  }

  it("the first release of a run asks them once, the ones behind it do not", async () => {
    const { question, judged } = asked({});
    for (const release of ["cert-manager", "hubble"]) await guardInstall(release, question);
    assert.deepEqual(judged, all);
  });

  const refusals: [title: string, seen: Seen, code: string, message: RegExp][] = [
    [
      "a window that has closed since its Command passed",
      { outcome: "fail" },
      "GATE_REFUSED",
      /^Release cert-manager does not move; judged again at the last moment:\n {2}- kubernetes-version: No window is open\./,
    ],
    ["a gate that cannot tell", { outcome: "unknown" }, "GATE_REFUSED", /window/],
    ["another cluster", { snapshot: { clusterUid: "uid-2" } }, "CLUSTER_MISMATCH", /uid-1.*uid-2/],
    [
      "somebody installed another version",
      { live: "4.6.41" },
      "NOT_THIS_INSTALL",
      /^Release cert-manager was about to be created for 4\.7\.20, but 4\.6\.41 is installed now\.$/,
    ],
    [
      "an install of another version is under way",
      { snapshot: { revisions: [revision({ description: "Palette 4.7.3" })] } },
      "NOT_THIS_INSTALL",
      /but 4\.7\.3 is being installed now\.$/,
    ],
    [
      "somebody else's release came in between",
      { snapshot: { revisions: [revision({ description: "Install complete" })] } },
      "NOT_CLEAN",
      /default\/cert-manager, revision 1/,
    ],
  ];
  for (const [title, seen, code, message] of refusals) {
    it(`${title}: ${code}`, async () => {
      await assert.rejects(guardInstall("cert-manager", asked(seen).question), { code, message });
    });
  }

  it("an observation that fails otherwise is no answer", async () => {
    const { question } = asked({});
    const answers: [Observed, object][] = [
      [{ state: "unclear", error: new RefusedError("TWO_INSTALLATIONS", "Two.") }, { code: "TWO_INSTALLATIONS" }],
      [
        { state: "unreachable", error: new SiteError("network", "no route") },
        { kind: "network", message: "no route" },
      ],
    ];
    for (const [observed, expected] of answers) {
      const observe = (): Promise<Observed> => Promise.resolve(observed);
      await assert.rejects(guardInstall("hubble", { ...question, observe }), expected);
    }
  });
});
