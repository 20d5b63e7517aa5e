import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewGatesOnly } from "../../../lib/program/preview/without-engine.js";
import { createPreviewOutline } from "../../../lib/program/preview/render/outline.js";
import { parseSettings } from "../../../lib/settings/settings.js";
import { moveByHand } from "../../engine-suite/driver/by-hand.js";
import { type Rehearsed, startSite, stopSites } from "../../../packages/rehearsal/test/site/running.js";

describe("preview --gates-only: which cluster the first update asks to confirm", function () {
  this.timeout(60_000);
  let site: Rehearsed;
  const projectDir = mkdtempSync(join(tmpdir(), "palette-gates-only-"));

  before(async () => {
    site = await startSite({ version: "4.6.36" });
  });
  after(async () => {
    await stopSites();
    rmSync(projectDir, { recursive: true, force: true });
  });

  const confirm =
    "that this is the installation you mean: the first update asks for it on a terminal; without one it needs palette:cluster.uid or palette:cluster.server";
  const enrols = "The first update enrols 4.6.36 and moves nothing; what follows is about the hop after it.";
  const cases: {
    title: string;
    cluster?: (uid: string) => object;
    enrolled?: boolean;
    target?: string;
    shown: [step: string, confirmsCluster: boolean, fact: string | undefined, notice: string | undefined];
  }[] = [
    { title: "before enrolment, though the hop after it is shown", shown: ["hop", true, confirm, enrols] },
    { title: "before enrolment at the target", target: "4.6.36", shown: ["enrol", true, confirm, undefined] },
    {
      title: "negative twin: its UID is pinned",
      cluster: (uid) => ({ uid }),
      shown: ["hop", false, undefined, enrols],
    },
    { title: "negative twin: it was enrolled", enrolled: true, shown: ["hop", false, undefined, undefined] },
  ];
  for (const { title, cluster = () => ({}), enrolled = false, target = "4.6.41", shown } of cases) {
    it(title, async () => {
      const { kubeconfig, clusterUid, environment } = site.running;
      const { report } = await previewGatesOnly({
        stack: "prod",
        projectDir,
        settings: parseSettings(
          {
            "palette:target": target,
            "palette:matrix": "palette-kubernetes-4.7.20",
            "palette:clusterIdentifier": "prod",
            "palette:kubernetes": JSON.stringify({ kubeconfig }),
            "palette:cluster": JSON.stringify(cluster(clusterUid)),
            "palette:charts": JSON.stringify({ location: "charts-{version}" }),
            "palette:rehearsal": JSON.stringify({ simulated: true }),
          },
          null,
        ),
        outputs: enrolled ? { clusterUid, observedVersion: "4.6.36", appliedVersion: "4.6.36" } : {},
        readStackOutputs: () => Promise.reject(new Error("nothing is promoted here")),
        readStateReleases: () => Promise.resolve(null),
        environment,
      });
      const facts = new Map(createPreviewOutline(report).facts);
      assert.deepEqual(
        [report.step?.kind, report.confirmsCluster, facts.get("to confirm"), facts.get("not seen")],
        shown,
      );
      assert.equal(report.identity?.clusterUid, clusterUid);
    });
  }
});

describe("preview --gates-only: the catch-up after a changed ingress", function () {
  this.timeout(60_000);
  afterEach(stopSites);

  const whole = { rootDomain: "palette.rehearsal.example" };
  const cases: [title: string, from: string, to: string, ingress: string, catchUp: string, hasWhy: boolean][] = [
    ["is not promised", "4.8.33", "4.8.47", "pass", "will-check", true],
    ["negative twin: the ingress stays", "4.8.8", "4.8.33", "not-applicable", "pass", false],
  ];
  for (const [title, from, to, ingress, catchUp, hasWhy] of cases) {
    it(title, async () => {
      const { running, clock, settings } = await startSite({ version: from });
      await moveByHand(running, to);
      await clock.sleep(4 * 3600);
      const { kubeconfig, environment } = running;
      const { report } = await previewGatesOnly({
        stack: "prod",
        projectDir: ".",
        settings: parseSettings(
          {
            "palette:target": to,
            "palette:matrix": "palette-kubernetes-4.9.51",
            "palette:clusterIdentifier": "prod",
            "palette:kubernetes": JSON.stringify({ kubeconfig }),
            "palette:site": JSON.stringify({ ...whole, apiUrl: running.url }),
            "palette:tenants": JSON.stringify(settings.tenants),
            "palette:secrets": JSON.stringify({ apiKeys: running.apiKeys }),
            "palette:rehearsal": JSON.stringify({ simulated: true }),
          },
          null,
        ),
        outputs: {},
        readStackOutputs: () => Promise.reject(new Error("nothing is promoted here")),
        readStateReleases: () => Promise.resolve(null),
        environment,
      });
      const after = report.gates.filter(({ when }) => when === "after");
      const outcomesOf = (name: string): [string, boolean][] =>
        after.filter(({ gate }) => gate === name).map(({ outcome, why }) => [outcome, why !== null]);
      assert.deepEqual([report.step?.kind, outcomesOf("ingress")], ["enrol", [[ingress, false]]]);
      assert.deepEqual(new Set(outcomesOf("pcg-catch-up").map(String)), new Set([String([catchUp, hasWhy])]));
    });
  }
});
