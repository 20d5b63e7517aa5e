import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { Output } from "../../lib/base/process/output.js";
import { runPreviewCommand } from "../../lib/cli/preview-command.js";
import { listExpectedReleases, loadRules } from "../../lib/planning/rules/rules.js";
import { type PreviewReport } from "../../lib/program/preview/report.js";
import { RehearsalWorkspace } from "../../packages/rehearsal/lib/workspace.js";
import { stackAccess } from "../driver/stack-access.js";
import { tickingClock } from "../journal/entries.js";
import { answering, cleanUp, deadAddress, fileWith, kubeconfigFor, serve } from "../site/servers.js";

/** Every act, so that none of them is what refuses. */
const acts = [...new Set(loadRules("acts").map(({ name }) => name))];

const recorded = {
  clusterUid: "uid-1",
  observedVersion: "4.6.41",
  appliedVersion: "4.6.41",
  releases: [{ role: "hubble", name: "hubble", namespace: "default" }],
};

interface Blindness {
  title: string;
  kubeconfig: () => Promise<string>;
  context?: string;
  /** What the report says of it. */
  because: RegExp;
}

const kinds: Blindness[] = [
  {
    title: "no kubeconfig",
    kubeconfig: () => Promise.resolve("/nowhere/kubeconfig"),
    because: /^Preview without the cluster \(.*\/nowhere\/kubeconfig/,
  },
  {
    title: "a kubeconfig that is none",
    kubeconfig: () => Promise.resolve(fileWith("config", "hello")),
    because: /^Preview without the cluster \(/,
  },
  {
    title: "a context that it does not have",
    kubeconfig: async () => kubeconfigFor(await deadAddress()),
    context: "staging",
    because: /^Preview without the cluster \(.*staging/,
  },
  {
    title: "a dead API server",
    kubeconfig: async () => kubeconfigFor(await deadAddress()),
    because: /^Preview without the cluster \(.*ECONNREFUSED/,
  },
  {
    title: "an API server that knows nobody",
    kubeconfig: async () => kubeconfigFor(await serve(answering(401, { message: "Unauthorized" }))),
    because: /^Preview without the cluster \(/,
  },
  {
    title: "an API server that lets nothing be read",
    kubeconfig: async () => kubeconfigFor(await serve(answering(403, { message: "forbidden" }))),
    because: /^Preview without the cluster \(/,
  },
];

describe("preview --gates-only that is blind", function () {
  this.timeout(60_000);
  let projectDir: string;

  before(() => {
    projectDir = mkdtempSync(join(tmpdir(), "palette-blind-"));
    mkdirSync(join(projectDir, "r"));
    new RehearsalWorkspace(join(projectDir, "r")).writeCharts("4.7.20", listExpectedReleases("4.7.20", {}));
  });
  after(async () => {
    await cleanUp();
    rmSync(projectDir, { recursive: true, force: true });
  });

  async function preview(
    { kubeconfig, context }: Blindness,
    target: string,
    options: { warningsAsExitCode?: boolean } = {},
  ): Promise<{ report: PreviewReport; sentence: string; exitCode: number }> {
    const values = {
      "palette:target": target,
      "palette:matrix": "palette-kubernetes-4.7.20",
      "palette:clusterIdentifier": "prod",
      "palette:kubernetes": JSON.stringify({ kubeconfig: await kubeconfig(), ...(context ? { context } : {}) }),
      "palette:charts": JSON.stringify({ location: "r/charts/release-{version}" }),
      "palette:acknowledge": JSON.stringify(
        acts.map((act) => ({ act, hop: "4.6.41->4.7.20", by: "ana", because: "done" })),
      ),
    };
    const stack = stackAccess({
      projectDir,
      engine: { outputs: () => Promise.resolve(recorded) },
      config: () => Promise.resolve({ values, secretKeys: [] }),
    });
    const shell = {
      openStack: () => Promise.resolve(stack),
      environment: {},
      clock: tickingClock(),
      host: "here",
      say: () => undefined,
      output: new Output(new PassThrough() as unknown as NodeJS.WriteStream),
      colour: false,
      width: 1000,
      signal: new AbortController().signal,
    };
    const all = { stack: "prod", gatesOnly: true, warningsAsExitCode: false, ...options };
    const { text, exitCode } = await runPreviewCommand({ ...all, output: "json" }, shell);
    const shown = await runPreviewCommand({ ...all, output: "text" }, shell);
    return { report: JSON.parse(text) as PreviewReport, sentence: shown.text.split("\n")[1]!, exitCode };
  }

  for (const kind of kinds) {
    it(`${kind.title}: no gate of the hop was judged`, async () => {
      const { report, sentence, exitCode } = await preview(kind, "4.7.20");
      assert.deepEqual([exitCode, report.clusterRead, report.refusal], [3, false, null], report.notice ?? "");
      assert.match(report.notice ?? "", kind.because);
      assert.equal(
        sentence,
        "Nothing speaks against it so far, but 9 gates were not judged (helm-release, rollout, mongo-replica-set, " +
          "kubernetes-version, pcg-readiness, values, backup, window, promotion); only the update does.",
      );
    });

    it(`${kind.title}: nothing to do by the record alone`, async () => {
      const { report, sentence, exitCode } = await preview(kind, "4.6.41");
      assert.deepEqual(
        [exitCode, report.step?.kind, sentence],
        [3, "done", "Not judged: the cluster was not read, and what is said is by the record."],
      );
    });

    it(`${kind.title}: 4 where that is asked for`, async () => {
      const codes = await Promise.all(
        ["4.7.20", "4.6.41"].map((target) => preview(kind, target, { warningsAsExitCode: true })),
      );
      assert.deepEqual(
        codes.map(({ exitCode }) => exitCode),
        [4, 4],
      );
    });
  }
});
