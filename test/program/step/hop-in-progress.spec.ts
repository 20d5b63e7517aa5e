import assert from "node:assert/strict";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import { planRoute } from "../../../lib/planning/plan/plan.js";
import { type Plan } from "../../../lib/planning/plan/types.js";
import { judgeHopInProgress, type JudgedHopInProgress } from "../../../lib/program/step/hop-in-progress.js";
import { type Settings } from "../../../lib/settings/schema.js";
import { findHopInProgress } from "../../../lib/site/installation.js";
import { type ObservedRelease } from "../../../lib/site/types.js";
import { revision } from "../../gates/fake-site.js";

const matrix = loadMatrix("palette-kubernetes-4.7.20");
const plan = (from: string, to: string): Plan => planRoute({ from, to, matrix, facts: {}, today: "2026-03-01" });

type Change = Omit<Parameters<typeof revision>[0], "revision">;

function release(role: ObservedRelease["role"], ...revisions: Change[]): ObservedRelease {
  const [deployed, newest] = revisions.map((change, index) => revision({ name: role, ...change, revision: 7 + index }));
  return { role, name: role, namespace: "default", deployed: deployed!, newest: newest ?? deployed! };
}

const failed = { chartVersion: "4.6.41", status: "failed", lastDeployed: "2026-03-01T11:00:00Z" } as const;
const begun = release("hubble", { chartVersion: "4.5.23" }, failed);
const marked = release("cert-manager", {
  chart: "cert-manager",
  chartVersion: "1.14.5",
  description: "Palette 4.6.41",
});
const unmarked = release("cert-manager", { chart: "cert-manager", chartVersion: "1.14.5", description: "by hand" });
const halfMoved = [release("hubble", { chartVersion: "4.5.23" }), marked];

const acceptance: Settings["accept"][number] = {
  gate: "helm-release",
  subject: "*",
  code: "HOP_IN_PROGRESS",
  hop: "4.5.23->4.6.41",
  because: "the vendor's engineer began it",
  ticket: "OPS-1",
  by: "ana",
  until: "2026-03-31",
};

interface Case {
  title: string;
  releases: ObservedRelease[];
  target: string;
  accept?: Settings["accept"];
  fourEyes?: boolean;
  expected: Pick<JudgedHopInProgress, "begunBy" | "onRoute"> & { refused: string | null };
}

function judge({
  releases,
  target,
  accept = [],
  fourEyes = false,
}: Omit<Case, "title" | "expected">): JudgedHopInProgress {
  const found = findHopInProgress(releases);
  assert.ok(found !== null);
  const from = releases.find(({ role }) => role === "hubble")!.deployed!.chartVersion;
  const context = { today: "2026-03-01", runners: ["bert"], fourEyes };
  return judgeHopInProgress({ from, found, route: plan(from, target), rest: plan(found.to, target), accept, context });
}

const shown =
  'Hop 4.5.23 -> 4.6.41 is in progress: release "hubble" in namespace "default" has revision 8 (failed, 4.6.41) of 2026-03-01T11:00:00Z.';
const foreign = "Somebody else began it: no release bears this tool's mark for 4.6.41.";
const own = "This tool began it: a release bears its mark for 4.6.41.";
const only = "This run finishes that hop and makes no other before it;";

describe("a hop in progress", () => {
  const ours = { begunBy: "this tool", onRoute: true, refused: null } as const;
  const refused = "HOP_IN_PROGRESS";
  const cases: Case[] = [
    { title: "ours, first of the route: taken up again", releases: [marked, begun], target: "4.7.20", expected: ours },
    { title: "ours, the target itself", releases: [marked, begun], target: "4.6.41", expected: ours },
    { title: "ours, the set half moved", releases: halfMoved, target: "4.7.20", expected: ours },
    {
      title: "ours, off the route of a target that was changed",
      releases: [marked, begun],
      target: "4.6.32",
      expected: { ...ours, onRoute: false, refused },
    },
    {
      title: "ours, and the target is what is installed",
      releases: halfMoved,
      target: "4.5.23",
      expected: { ...ours, onRoute: false, refused },
    },
    {
      title: "ours, and no route leads to the target",
      releases: halfMoved,
      target: "4.4.20",
      expected: { ...ours, onRoute: false, refused },
    },
    {
      title: "somebody else's, first of the route",
      releases: [unmarked, begun],
      target: "4.7.20",
      expected: { begunBy: "somebody else", onRoute: true, refused },
    },
    {
      title: "somebody else's, off the route",
      releases: [begun],
      target: "4.6.32",
      expected: { begunBy: "somebody else", onRoute: false, refused },
    },
    {
      title: "a failed revision of the installed version, whose mark every release bears",
      releases: [release("hubble", { chartVersion: "4.6.41", description: "Palette 4.6.41" }, failed), marked],
      target: "4.7.20",
      expected: { begunBy: "not known", onRoute: false, refused },
    },
    {
      title: "somebody else's, accepted",
      releases: [begun],
      target: "4.6.32",
      accept: [acceptance],
      expected: { begunBy: "somebody else", onRoute: false, refused: null },
    },
    ...[
      { title: "accepted for another hop", change: { hop: "4.5.23->4.6.32" } },
      { title: "another code accepted", change: { code: "HOP_BEGUN" } },
      { title: "another gate's accepted", change: { gate: "window" as const } },
      { title: "accepted of one release only", change: { subject: "hubble" } },
      { title: "an acceptance that has run out", change: { until: "2026-02-28" } },
      { title: "four eyes: accepted by the one who runs", change: { by: "bert" }, fourEyes: true },
    ].map(({ title, change, fourEyes = false }): Case => {
      const expected = { begunBy: "somebody else", onRoute: false, refused } as const;
      return { title, releases: [begun], target: "4.6.32", accept: [{ ...acceptance, ...change }], fourEyes, expected };
    }),
    {
      title: "four eyes: accepted by another person",
      releases: [begun],
      target: "4.6.32",
      accept: [acceptance],
      fourEyes: true,
      expected: { begunBy: "somebody else", onRoute: false, refused: null },
    },
  ];
  for (const { title, expected, ...asked } of cases) {
    it(title, () => {
      const { begunBy, onRoute, refusal, accepted } = judge(asked);
      assert.deepEqual({ begunBy, onRoute, refused: refusal?.code ?? null }, expected);
      assert.equal(accepted?.by ?? null, refusal === null && asked.accept !== undefined ? "ana" : null);
    });
  }

  const messages: [title: string, asked: Parameters<typeof judge>[0], message: string][] = [
    [
      "the route of the target, and that it is a downgrade afterwards",
      { releases: [begun], target: "4.6.32" },
      `${shown} ${foreign} It is not on the route to the target 4.6.32 (4.5.23 -> 4.6.32). ${only} afterwards no route leads from 4.6.41 to the target 4.6.32 (DOWNGRADE).`,
    ],
    [
      "the route afterwards",
      { releases: [marked, begun], target: "4.7.20" },
      `${shown} ${own} It is the first hop of the route to the target 4.7.20. ${only} afterwards the route is 4.6.41 -> 4.7.20.`,
    ],
    [
      "the target reached by it",
      { releases: [begun], target: "4.6.41" },
      `${shown} ${foreign} It is the first hop of the route to the target 4.6.41. ${only} afterwards 4.6.41 fits the target.`,
    ],
    [
      "the target installed already",
      { releases: [begun], target: "4.5.23" },
      `${shown} ${foreign} It is not on the route to the target 4.5.23 (which is installed). ${only} afterwards no route leads from 4.6.41 to the target 4.5.23 (DOWNGRADE).`,
    ],
    [
      "a target that has no route at all",
      { releases: [begun], target: "4.4.20" },
      `${shown} ${foreign} It is not on the route to the target 4.4.20 (DOWNGRADE). ${only} afterwards no route leads from 4.6.41 to the target 4.4.20 (DOWNGRADE).`,
    ],
  ];
  for (const [title, asked, message] of messages)
    it(`says ${title}`, () => assert.equal(judge(asked).message, message));

  it("a refusal names what to accept, and why an acceptance does not count", () => {
    const next =
      'Find out who began this hop and whether it is to be finished. Then a person adds to palette:accept: {gate: "helm-release", subject: "*", code: "HOP_IN_PROGRESS", hop: "4.5.23->4.6.41", by: "<who>", because: "<why>", ticket: "<ticket>", until: "<last day>"}.';
    const plain = judge({ releases: [begun], target: "4.6.32" });
    assert.deepEqual([plain.refusal?.message, plain.refusal?.next], [plain.message, next]);
    const late = judge({ releases: [begun], target: "4.6.32", accept: [{ ...acceptance, until: "2026-02-28" }] });
    assert.equal(
      late.refusal?.message,
      `${late.message}\nThe acceptance of HOP_IN_PROGRESS by ana (OPS-1) ran out on 2026-02-28: fix the reason, or have it accepted anew in palette:accept.`,
    );
  });
});
