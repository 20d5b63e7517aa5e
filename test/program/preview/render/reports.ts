import type { GateName } from "../../../../lib/gates/verdict/types.js";
import { findPointOfNoReturn } from "../../../../lib/planning/plan/warnings/no-return.js";
import type { Plan } from "../../../../lib/planning/plan/types.js";
import type { PreviewedGate, PreviewReport } from "../../../../lib/program/preview/report.js";
import { type SiteIdentity } from "../../../../lib/site/identity.js";
import { refusedPlan, routePlan } from "../../../report/hand-built.js";

export function gate(name: GateName, over: Partial<PreviewedGate> = {}): PreviewedGate {
  return {
    gate: name,
    subject: null,
    when: "before",
    mandatory: true,
    outcome: "pass",
    reasons: [],
    why: null,
    ...over,
  };
}

/** Without what data/ says of the hops: that may change, and golden plans show it. */
function barePlan(route: string[]): Plan {
  const plan = routePlan(route);
  return { ...plan, hops: plan.hops.map((hop) => ({ ...hop, gates: [], acts: [], advisories: [] })) };
}

export const identity: SiteIdentity = {
  stack: "prod",
  server: "https://k8s.example:6443",
  context: "prod",
  clusterUid: "7d7e2a52-3b1c-4a7e-9a43-0c5d4f2b8f10",
  rootDomain: "palette.example.com",
  version: "4.5.23",
  edition: "palette",
};

/** What a preview of a hop tells when nothing is wrong. */
export function hopReport(over: Partial<PreviewReport> = {}): PreviewReport {
  const plan = barePlan(["4.5.23", "4.6.41", "4.7.20"]);
  const hop = plan.hops[0]!;
  return {
    schemaVersion: 1,
    stack: "prod",
    identity,
    confirmsCluster: false,
    step: { kind: "hop", from: hop.from, destination: hop.to, resuming: false, declareReleases: true },
    plan,
    hop,
    hopInProgress: null,
    gates: [
      gate("helm-release"),
      gate("pcg-readiness", { subject: "acme/pcg-vsphere" }),
      gate("mongo-fcv", { outcome: "not-applicable", why: "This edge needs no other version." }),
      gate("mongo-replica-set", { reasons: [{ code: "NOTE", member: null, message: "3 members, primary mongo-0." }] }),
      gate("rollout", { when: "after", outcome: "will-check", why: "It is judged after the hop." }),
    ],
    releases: [
      {
        role: "cert-manager",
        name: "cert-manager",
        namespace: "cert-manager",
        from: null,
        to: "1.11.0",
        sha256: "12".repeat(32),
        values: {
          source: "archive",
          place: "extras/cert-manager/values.yaml",
          keys: ["image.cainjectorImage", "image.controllerImage"],
          overrides: ["replicas"],
        },
      },
      {
        role: "hubble",
        name: "hubble",
        namespace: "default",
        from: "4.5.23",
        to: "4.6.41",
        sha256: "34".repeat(32),
        values: {
          source: "stored",
          place: "default/hubble, revision 7",
          keys: Array.from({ length: 10 }, (_, index) => `config.key${index}`),
          overrides: [],
        },
      },
    ],
    acts: [{ name: "backup", text: "Take a backup.", irreversible: false, acknowledged: true }],
    acceptances: { used: [], unused: [], uncounted: [], expired: [] },
    clusterRead: true,
    loosened: [],
    estimates: plan.hops.map(({ from, to }) => ({
      hop: { from, to },
      estimate: {
        likelyMinutes: 39,
        atMostMinutes: 285,
        basis: to === "4.6.41" ? { kind: "measured", on: "stage", hops: 2 } : { kind: "typical" },
      },
    })),
    pointOfNoReturn: findPointOfNoReturn(plan.hops),
    approval: { version: "4.6.41", fingerprint: plan.fingerprint },
    refusal: null,
    notice: null,
    ...over,
  };
}

const settled = { step: { kind: "done", destination: "4.7.20", declareReleases: true } } as const;

/** Title, which is the golden files' name too, and the report. */
export const reports: Record<string, PreviewReport> = {
  "hop-ready": hopReport(),
  "hop-blocked": hopReport({
    gates: [
      gate("helm-release"),
      gate("mongo-replica-set", {
        outcome: "fail",
        reasons: [
          { code: "LAG", member: "mongo-2", message: "mongo-2 is 120 s behind, expected at most 10 s." },
          { code: "NO_MAJORITY", member: null, message: "2 of 3 members vote." },
        ],
      }),
      gate("values", {
        mandatory: false,
        outcome: "fail",
        reasons: [{ code: "DEAD_KEY", member: "hubble", message: "a.b is read no more." }],
      }),
      gate("pcg-readiness", {
        subject: "acme/pcg-maas",
        outcome: "wait",
        reasons: [{ code: "AGENT_OLD", member: "pcg-maas", message: "Not yet." }],
      }),
    ],
    acts: [
      { name: "backup", text: "Take a backup.", irreversible: false, acknowledged: false },
      { name: "fcv-raise", text: "Raise it.", irreversible: true, acknowledged: false },
    ],
    acceptances: {
      used: ["values DEAD_KEY hubble, by ana, OPS-1, until 2026-12-01"],
      unused: ["images MISSING, by ana, OPS-2, until 2026-12-01"],
      uncounted: ["mongo-fcv FCV_LOW of the whole, by ana, OPS-4, until 2026-12-01: nobody can accept that; fix it."],
      expired: ["backup OLD, by bo, OPS-3, until 2026-11-01"],
    },
  }),
  "hop-in-progress": hopReport({
    step: { kind: "hop", from: "4.5.23", destination: "4.6.41", resuming: true, declareReleases: true },
    hopInProgress: {
      from: "4.5.23",
      to: "4.6.41",
      begunBy: "this tool",
      onRoute: true,
      message: "Hop 4.5.23 -> 4.6.41 is in progress. This tool began it.",
      accepted: null,
    },
  }),
  "hop-in-progress-refused": hopReport({
    step: { kind: "hop", from: "4.5.23", destination: "4.6.41", resuming: true, declareReleases: true },
    hopInProgress: {
      from: "4.5.23",
      to: "4.6.41",
      begunBy: "somebody else",
      onRoute: false,
      message: "Hop 4.5.23 -> 4.6.41 is in progress. Somebody else began it.",
      accepted: null,
    },
    approval: null,
    refusal: {
      code: "HOP_IN_PROGRESS",
      message: "Hop 4.5.23 -> 4.6.41 is in progress. Somebody else began it.",
      next: "Find out who began this hop.",
    },
  }),
  "hop-without-cluster": hopReport({
    gates: [gate("mongo-replica-set", { outcome: "will-check", why: "The cluster cannot be reached from here." })],
    notice: "Preview without the cluster (connect ECONNREFUSED): versions are the recorded ones, gates will check.",
  }),
  enrol: hopReport({
    step: { kind: "enrol", destination: "4.5.23", declareReleases: false },
    hop: null,
    acts: [],
    releases: [],
    approval: null,
  }),
  settled: hopReport({
    ...settled,
    plan: barePlan(["4.7.20"]),
    hop: null,
    acts: [],
    gates: [],
    releases: [],
    estimates: [],
    pointOfNoReturn: null,
    approval: null,
  }),
  refused: hopReport({
    step: null,
    plan: refusedPlan(),
    hop: null,
    gates: [],
    acts: [],
    releases: [],
    estimates: [],
    pointOfNoReturn: null,
    approval: null,
    refusal: {
      code: "ACT_NOT_ACKNOWLEDGED",
      message: "4.6.43 -> 4.7.20 waits for 2 acts:\n  - backup: take one\n  - dns-cutover: plan it",
      next: "Add them to palette:acknowledge.",
    },
  }),
};
