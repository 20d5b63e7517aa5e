import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { readReleaseHistory } from "../../packages/rehearsal/lib/helm-storage.js";
import { startSimulatedSite } from "../../packages/rehearsal/lib/site/server.js";
import type { FaultSpec, RunningSite } from "../../packages/rehearsal/lib/types.js";
import { embeddedTrial, type EmbeddedTrial } from "./support/embedded-trial.js";
import { itOnRealEngine, skipWithoutEngine } from "./support/engines.js";
import { realTrial } from "./support/real-trial.js";
import type { Observed, Turn } from "./support/trial.js";

interface ReleaseRow {
  name: string;
  chart: string;
  adopt?: true;
  values?: Record<string, unknown>;
  [option: string]: unknown;
}
interface Case {
  what: Turn["what"];
  releases: ReleaseRow[];
  ok: boolean;
  steps?: Record<string, string[]>;
  error?: RegExp;
  history: Record<string, string[]>;
}

const adopted: ReleaseRow = {
  name: "cert-manager",
  chart: "charts/app-1.0.0",
  adopt: true,
  values: { token: "correct-horse" },
};
const waiting: ReleaseRow = {
  ...adopted,
  skipAwait: false,
  timeout: 600,
  chart: "charts/app-1.1.0",
  description: "Palette 4.6.41",
};
const installed = "1 deployed 1.405.23";

const route: Case[] = [
  {
    what: "preview",
    releases: [adopted],
    ok: true,
    steps: { "cert-manager": ["import planned", "update planned chart maxHistory skipAwait values version"] },
    history: { "cert-manager": [installed] },
  },
  {
    what: "up",
    releases: [adopted],
    ok: true,
    steps: { "cert-manager": ["import succeeded", "update succeeded chart maxHistory skipAwait values version"] },
    history: { "cert-manager": ["1 superseded 1.405.23", "2 deployed 1.0.0"] },
  },
  {
    what: "up",
    releases: [adopted],
    ok: true,
    steps: { "cert-manager": ["same succeeded"] },
    history: { "cert-manager": ["1 superseded 1.405.23", "2 deployed 1.0.0"] },
  },
  {
    what: "up",
    releases: [waiting],
    ok: true,
    steps: { "cert-manager": ["update succeeded chart description skipAwait timeout version"] },
    history: { "cert-manager": ["1 superseded 1.405.23", "2 superseded 1.0.0", "3 deployed 1.1.0"] },
  },
  {
    what: "up",
    releases: [waiting, { name: "fresh", chart: "charts/app-1.0.0" }],
    ok: true,
    steps: { "cert-manager": ["same succeeded"], fresh: ["create succeeded"] },
    history: { fresh: ["1 deployed 1.0.0"] },
  },
  {
    what: "up",
    releases: [waiting, { name: "hubble", chart: "charts/app-1.0.0" }, { name: "fresh", chart: "charts/app-1.0.0" }],
    ok: false,
    error: /^cannot re-use a name that is still in use$/,
    history: { hubble: ["1 deployed 4.5.23"] },
  },
  {
    what: "preview",
    releases: [{ ...waiting, chart: "charts/app-9.9.9" }],
    ok: false,
    error: /property chart value \{charts\/app-9.9.9\} has a problem: /,
    history: {},
  },
  {
    what: "up",
    releases: [],
    ok: true,
    steps: { "cert-manager": ["delete succeeded"], fresh: ["delete succeeded"] },
    history: { fresh: ["1 deployed 1.0.0"] },
  },
];

function startSite(directory: string, faults: FaultSpec[] = []): Promise<RunningSite> {
  return startSimulatedSite({ version: "4.5.23", edition: "palette", stateFile: null, faults, directory });
}

function turnOf(
  { what, releases }: Pick<Case, "what" | "releases">,
  site: RunningSite,
  kubeconfig = site.kubeconfig,
): Turn {
  return { what, config: { kubeconfig, releases: JSON.stringify(releases) }, environment: site.environment };
}

/** Steps by a release's name, differing inputs by their first part: the provider looks into values. */
function releaseSteps({ steps }: Observed): Record<string, string[]> {
  const releases = Object.entries(steps).filter(([urn]) => urn.includes("helm.sh/v3:Release"));
  return Object.fromEntries(
    releases.map(([urn, list]) => [urn.split("::").at(-1)!, list.map((step) => step.replaceAll(/[.[]\S*/g, ""))]),
  );
}

async function checkCase(one: Case, observed: Observed, site: RunningSite): Promise<void> {
  const label = `${one.what} ${JSON.stringify(one.releases.map(({ name, chart }) => `${name} ${chart}`))}: ${observed.errors.join("\n")}`;
  assert.equal(observed.ok, one.ok, label);
  if (one.steps !== undefined) assert.deepEqual(releaseSteps(observed), one.steps, label);
  if (one.error !== undefined)
    assert.ok(
      observed.errors.some((error) => one.error!.test(error)),
      label,
    );
  for (const [name, revisions] of Object.entries(one.history))
    assert.deepEqual(await history(site, name), revisions, label);
}

async function history(site: RunningSite, name: string): Promise<string[]> {
  const records = await readReleaseHistory({ url: site.url }, "default", name);
  return records.map(({ version, info, chart }) => `${version} ${info.status} ${chart.metadata.version}`);
}

describe("Helm releases", () => {
  it("are adopted, moved, made and let go: embedded engine", async () => {
    const trial = embeddedTrial("release");
    const site = await startSite(trial.workplace.folder);
    try {
      for (const one of route) await checkCase(one, await trial.run(turnOf(one, site)), site);
      assert.doesNotMatch(readFileSync(trial.stateFile, "utf8"), /correct-horse/);
    } finally {
      await site.stop();
      trial.dispose();
    }
  });

  itOnRealEngine("are adopted, moved, made and let go: real engine and provider do the same", async function () {
    skipWithoutEngine(this, "pulumi");
    const trial = realTrial("release");
    const site = await startSite(trial.workplace.folder);
    try {
      for (const one of route) await checkCase(one, await trial.run(turnOf(one, site)), site);
    } finally {
      await site.stop();
      trial.dispose();
    }
  });

  describe("on the embedded engine", () => {
    let trial: EmbeddedTrial;
    let site: RunningSite;
    const hubble: ReleaseRow = { name: "hubble", chart: "charts/mgmt-4.6.41", adopt: true };
    const open = async (faults: FaultSpec[]): Promise<void> => {
      trial = embeddedTrial("release");
      site = await startSite(trial.workplace.folder, faults);
    };
    afterEach(async () => {
      await site.stop();
      trial.dispose();
    });

    it("a failed upgrade leaves a failed revision and is taken up again, although its inputs did not change", async () => {
      await open([{ name: "release-fails" }]);
      const failed = await trial.run(turnOf({ what: "up", releases: [hubble] }, site));
      assert.equal(failed.ok, false);
      assert.match(
        failed.errors[0]!,
        /^Helm release "default\/hubble" was updated, but failed to initialize completely\..* webhook/,
      );
      assert.deepEqual(await history(site, "hubble"), ["1 deployed 4.5.23", "2 failed 4.6.41"]);
      const kept = failed.state.find(({ urn }) => urn.endsWith("::hubble"))!;
      assert.deepEqual([(kept.inputs as { version: string }).version, kept.initErrors], ["4.5.23", 1]);
      const again = await trial.run(turnOf({ what: "up", releases: [hubble] }, site));
      assert.deepEqual(releaseSteps(again), { hubble: ["update succeeded chart maxHistory skipAwait values version"] });
      assert.deepEqual(await history(site, "hubble"), ["1 superseded 4.5.23", "2 failed 4.6.41", "3 deployed 4.6.41"]);
      assert.deepEqual(releaseSteps(await trial.run(turnOf({ what: "up", releases: [hubble] }, site))), {
        hubble: ["same succeeded"],
      });
    });

    it("a failed upgrade whose inputs are back to the old ones is tried again all the same", async () => {
      await open([]);
      const old: ReleaseRow = { ...hubble, chart: "charts/mgmt-4.5.23" };
      await trial.run(turnOf({ what: "up", releases: [old] }, site));
      await site.changeFaults({ add: [{ name: "release-fails" }] });
      assert.equal((await trial.run(turnOf({ what: "up", releases: [hubble] }, site))).ok, false);
      const back = await trial.run(turnOf({ what: "up", releases: [old] }, site));
      assert.deepEqual(releaseSteps(back), { hubble: ["update succeeded"] });
    });

    it("nothing moves while another operation is pending", async () => {
      await open([{ name: "release-pending-young", version: "4.6.41" }]);
      const run = await trial.run(turnOf({ what: "up", releases: [hubble] }, site));
      assert.equal(run.ok, false);
      assert.deepEqual(run.errors, ["another operation (install/upgrade/rollback) is in progress"]);
      assert.deepEqual(await history(site, "hubble"), ["1 deployed 4.5.23", "2 pending-upgrade 4.6.41"]);
    });

    it("only the simulated site is ever touched", async () => {
      await open([]);
      const elsewhere = site.kubeconfig.replace(/kubeconfig$/, "elsewhere");
      writeFileSync(elsewhere, readFileSync(site.kubeconfig, "utf8").replace(site.url, "https://192.0.2.1:6443"));
      const run = await trial.run(turnOf({ what: "preview", releases: [hubble] }, site, elsewhere));
      assert.deepEqual(run.errors, [
        "The embedded engine moves releases of the simulated site only; 192.0.2.1:6443 is not it.",
      ]);
    });

    it("what is not there cannot be adopted", async () => {
      await open([]);
      const run = await trial.run(turnOf({ what: "preview", releases: [{ ...hubble, name: "nobody" }] }, site));
      assert.deepEqual(run.errors, ["resource 'default/nobody' does not exist"]);
    });
  });
});
