import assert from "node:assert/strict";
import { attempt } from "../../lib/base/errors/refusal.js";
import { type GateName, type GateReport } from "../../lib/gates/verdict/types.js";
import { type ExpandContext, expandHop } from "../../lib/planning/plan/expand.js";
import { listExpectedReleases } from "../../lib/planning/rules/rules.js";
import { type Role } from "../../lib/planning/rules/types.js";
import { createPreview } from "../../lib/program/preview/assemble.js";
import { askGates, listGatesToPreview, listMovingGates } from "../../lib/program/preview/gates.js";
import { judgeReportedStep } from "../../lib/program/preview/render/verdict.js";
import { findBegunHop } from "../../lib/program/step/guard/begun.js";
import { guardRelease } from "../../lib/program/step/guard/guard.js";
import { type Prepared } from "../../lib/program/step/prepare.js";
import { parseRecorded } from "../../lib/program/step/recorded.js";
import { listHopGates } from "../../lib/program/step/site-gates.js";
import { decideStep, type Step } from "../../lib/program/step/step.js";
import { defaultGateSettings } from "../../lib/settings/gate-settings.js";
import { settingsSchema } from "../../lib/settings/schema.js";
import { type HelmRevision, type Observation, type ObservedRelease } from "../../lib/site/types.js";

const [from, to] = ["4.6.41", "4.7.20"];
const scope = { edition: "palette", method: "kubernetes" } as const;
const context: ExpandContext & { matrixVersions: [] } = { ...scope, facts: { pcgs: true }, matrixVersions: [] };
const now = new Date("2026-11-24T12:00:00Z");
const recorded = parseRecorded({ clusterUid: "uid", observedVersion: from, appliedVersion: from });
const fixed = { target: to, matrix: "m", clusterIdentifier: "c", site: { apiUrl: "https://palette.example.com" } };
const settings = settingsSchema.parse({
  ...fixed,
  tenants: [{ name: "acme", pcgs: ["a"] }],
  checks: [{ name: "drained", when: "before", command: ["true"], timeout: "5s" }],
  acknowledge: expandHop(from, to, context).acts.map(({ name }) => ({
    ...{ act: name, hop: `${from}->${to}`, by: "ana", because: "done" },
  })),
});

/** The releases in the order in which they move. */
const roles: Role[] = listExpectedReleases(to, context.facts).map(({ role }) => role);

/** How the release at which a run ended stands in Helm's records, three days later. */
const ends = {
  "broken off behind it (Ctrl-C, a kill, a gate that refused)": { status: "deployed", description: `Palette ${to}` },
  "its release failed, or the kill that left it pending was cleared up": {
    status: "failed",
    description: "Upgrade failed",
  },
} as const;
type End = keyof typeof ends;

function createRelease(role: Role, version: string, newest: Partial<HelmRevision>): ObservedRelease {
  const common = { name: role, namespace: "default", chart: role, valuesDigest: "", appVersion: version };
  const chartVersion = role === "hubble" ? version : "1.2.3";
  const old: HelmRevision = {
    ...{ ...common, chartVersion: role === "hubble" ? from : "1.2.3", revision: 1, status: "deployed" },
    ...{ description: "Install complete", lastDeployed: "2026-11-01T12:00:00Z" },
  };
  const latest = { ...old, ...common, chartVersion, revision: 2, lastDeployed: "2026-11-21T12:00:00Z", ...newest };
  return {
    role,
    name: role,
    namespace: "default",
    deployed: latest.status === "failed" ? old : latest,
    newest: latest,
  };
}

/** What the site shows once a run ended at release `at`, with those before it moved. */
function observe(at: number, end: End): Observation {
  const releases = roles.map((role, index) => {
    if (index > at) return createRelease(role, from, { revision: 1, description: "Install complete" });
    return createRelease(role, to, index < at ? { description: `Palette ${to}` } : ends[end]);
  });
  const hubble = releases.find(({ role }) => role === "hubble")!;
  return { clusterUid: "uid", edition: "palette", observedVersion: hubble.deployed!.chartVersion, releases };
}

function decide(observation: Observation): Step {
  return decideStep({
    ...{ observation, recorded, now, isSupported: () => true, acceptVersion: null },
    plan: { from: observation.observedVersion, to, refusal: null, hops: [{ to }], matrix: { id: "m" } },
    ...{ releaseTimeoutSeconds: 3600, stuckRemedy: null },
  });
}

function createReport(name: GateName, failing: GateName | null): GateReport {
  const failed = { outcome: "fail", reasons: [{ code: "FAULT", member: null, message: `${name} fails.` }] } as const;
  return {
    ...{
      gate: name,
      when: "before",
      from,
      to,
      startedAt: "",
      finishedAt: now.toISOString(),
      samples: 1,
      observed: null,
    },
    ...(name === failing ? { ...failed, reasons: [...failed.reasons] } : { outcome: "pass", reasons: [] }),
  };
}

async function preview(step: Step, observation: Observation, failing: GateName | null): Promise<string> {
  const prepared = {
    ...{ step, plan: null, remaining: null, observation, clusterUid: "uid", facts: context.facts, notice: null },
    hop: step.kind === "hop" ? expandHop(from, to, context) : null,
    ...{ installed: [], hopInProgress: null, importedReleases: [] },
  } as Prepared;
  const moving = step.kind === "settle" ? listMovingGates(settings, prepared, scope, findBegunHop(step, recorded)) : [];
  const { gates, reports } = await askGates(
    [...listGatesToPreview(settings, prepared, scope), ...moving],
    ({ gate, when }) => Promise.resolve(createReport(gate, when === "before" ? failing : null)),
    ...([new AbortController().signal, 60] as const),
  );
  const parts = { stack: "dev", address: { server: null, context: null }, limits: defaultGateSettings };
  const rest = { releases: [], approval: null, today: "2026-11-24" };
  return judgeReportedStep(createPreview({ ...parts, ...rest, settings, prepared, gates, reports })).end;
}

/** Code with which the hook refuses the next release; null where it moves. */
async function update(step: Step, observation: Observation, failing: GateName | null): Promise<string | null> {
  const begun = findBegunHop(step, recorded);
  const guarded = await attempt(() =>
    guardRelease("the next one", {
      run: { hasJudgedAll: false },
      ...{ from: step.kind === "hop" ? step.from : to, destination: step.destination, clusterUid: "uid" },
      isSupported: () => true,
      observe: () => Promise.resolve({ state: "installed", observation }),
      gates: listHopGates(begun?.from ?? to, to, context, settings.checks),
      judge: ({ name }) => Promise.resolve(createReport(name, failing)),
      // The Commands passed in the run that ended: they do not run again, and their passes count for nothing.
      getPassedAt: () => null,
      recordPass: () => undefined,
      now: () => Promise.resolve(now),
    }),
  );
  return guarded.ok
    ? null
    : `${guarded.refusal.code} ${failing} ${guarded.refusal.message.includes(`${failing} fails.`)}`;
}

describe("a hop that is taken up again: after each release and each end, each gate that fails keeps it from moving", () => {
  const { every, start } = listHopGates(from, to, context, settings.checks);
  const gates = [...every, ...start].map(({ name }) => name);

  it("the table has several releases around hubble, and more gates of the beginning than of every release", () => {
    assert.ok(roles.length > 2 && roles.includes("hubble"), roles.join(" "));
    for (const name of ["window", "backup", "own-check", "pcg-readiness", "promotion"] as const)
      assert.ok(
        start.some((gate) => gate.name === name),
        name,
      );
  });

  for (const end of Object.keys(ends) as End[]) {
    for (const [at, role] of roles.entries()) {
      it(`${role}, ${end}`, async () => {
        const observation = observe(at, end);
        const step = decide(observation);
        assert.deepEqual([step.kind, step.destination], [observation.observedVersion === to ? "settle" : "hop", to]);
        for (const failing of gates) {
          assert.equal(await preview(step, observation, failing), "refused", failing);
          assert.equal(await update(step, observation, failing), `GATE_REFUSED ${failing} true`);
        }
        const fixed = [await preview(step, observation, null), await update(step, observation, null)];
        assert.deepEqual(fixed, ["goes-on", null]);
      });
    }
  }

  it("a release still at work, or left pending by a kill: nothing is decided before it has ended", () => {
    for (const [at, role] of roles.entries()) {
      const observation = observe(at, "its release failed, or the kill that left it pending was cleared up");
      const pending = (lastDeployed: string): Observation => ({
        ...observation,
        releases: observation.releases.map((release) =>
          release.role === role
            ? { ...release, newest: { ...release.newest, status: "pending-upgrade", lastDeployed } }
            : release,
        ),
      });
      assert.throws(() => decide(pending("2026-11-24T11:59:00Z")), { code: "RELEASE_PENDING" }, role);
      assert.throws(() => decide(pending("2026-11-21T12:00:00Z")), { code: "RELEASE_STUCK" }, role);
    }
  });
});
