import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { rolloutGate } from "../../../lib/gates/rollout/gate.js";
import { runGate } from "../../../lib/gates/run/runner.js";
import { type Verdict } from "../../../lib/gates/verdict/types.js";
import { type Pod, type Workload } from "../../../lib/site/types.js";
import {
  arrived,
  at,
  container,
  FakeClock,
  type FakeFacts,
  fakeSite,
  inputFor,
  neverAborted,
  pod,
  readyWorkloads,
  revision,
  workload,
} from "../fake-site.js";

const others = readyWorkloads.filter(({ namespace }) => namespace !== "hubble-system");

/** Minutes after 08:00, when all fake pods were started. */
async function judge(
  facts: Partial<FakeFacts>,
  minutes = 2,
  change: Parameters<typeof inputFor>[0] = {},
): Promise<Verdict> {
  const input = inputFor({
    when: "after",
    to: "4.6.41",
    site: fakeSite(facts),
    clock: new FakeClock(at(minutes)),
    ...change,
  });
  return rolloutGate.sample(input, neverAborted);
}

const withWorkload = (change: Partial<Workload>): Workload[] => [...others, workload(change)];
const waiting = (reason: string, message = ""): Pod =>
  pod({ phase: "Pending", containers: [container({ ready: false, waiting: { reason, message } })] });

describe("gate rollout", () => {
  const table: [string, Partial<FakeFacts>, number, string, string[]][] = [
    ["every workload ready", {}, 2, "pass", []],
    [
      "Jobs that rightly ended",
      {
        pods: [
          pod(),
          pod({
            name: "packsync-1-x",
            ownerKind: "Job",
            ownerName: "packsync-1",
            phase: "Succeeded",
            containers: [container({ ready: false, terminated: { reason: "Completed", exitCode: 0 } })],
          }),
        ],
      },
      2,
      "pass",
      [],
    ],
    [
      "a workload scaled to none",
      { workloads: withWorkload({ desired: 0, present: 0, updated: 0, ready: 0, available: 0 }) },
      2,
      "pass",
      [],
    ],
    ["generation not observed", { workloads: withWorkload({ generation: 3 }) }, 2, "wait", ["ROLLOUT_PENDING"]],
    ["pods of the old revision left", { workloads: withWorkload({ updated: 1 }) }, 2, "wait", ["ROLLOUT_PENDING"]],
    ["a pod not ready", { workloads: withWorkload({ ready: 1 }) }, 2, "wait", ["ROLLOUT_PENDING"]],
    ["a pod not available", { workloads: withWorkload({ available: 1 }) }, 2, "wait", ["ROLLOUT_PENDING"]],
    [
      "a StatefulSet between revisions",
      { workloads: withWorkload({ kind: "StatefulSet", currentRevision: "a", updateRevision: "b" }) },
      2,
      "wait",
      ["ROLLOUT_PENDING"],
    ],
    ["a namespace of the version without a workload", { workloads: others }, 2, "wait", ["NAMESPACE_EMPTY"]],
    [
      "an image that cannot be pulled, for 5 minutes",
      { workloads: withWorkload({ ready: 1 }), pods: [waiting("ImagePullBackOff")] },
      5,
      "wait",
      ["ROLLOUT_PENDING"],
    ],
    [
      "an image that cannot be pulled, for longer",
      { workloads: withWorkload({ ready: 1 }), pods: [waiting("ImagePullBackOff")] },
      6,
      "fail",
      ["ROLLOUT_STUCK"],
    ],
    [
      "a crash loop for longer",
      { workloads: withWorkload({ ready: 1 }), pods: [waiting("CrashLoopBackOff")] },
      6,
      "fail",
      ["ROLLOUT_STUCK"],
    ],
    [
      "a pod that ran for days, in a crash loop for 4 minutes",
      {
        workloads: withWorkload({ ready: 1 }),
        pods: [{ ...waiting("CrashLoopBackOff"), startTime: at(-9000), unreadySince: at(2) }],
      },
      6,
      "wait",
      ["ROLLOUT_PENDING"],
    ],
    [
      "the same for 6 minutes",
      {
        workloads: withWorkload({ ready: 1 }),
        pods: [{ ...waiting("CrashLoopBackOff"), startTime: at(-9000), unreadySince: at(2) }],
      },
      8,
      "fail",
      ["ROLLOUT_STUCK"],
    ],
    [
      "containers being created for longer",
      { workloads: withWorkload({ ready: 1 }), pods: [waiting("ContainerCreating")] },
      20,
      "wait",
      ["ROLLOUT_PENDING"],
    ],
    [
      "another workload's pod in a crash loop",
      { workloads: withWorkload({ ready: 1 }), pods: [{ ...waiting("CrashLoopBackOff"), ownerName: "mgmt-two-7d9f" }] },
      20,
      "wait",
      ["ROLLOUT_PENDING"],
    ],
    [
      "a progress deadline exceeded",
      {
        workloads: withWorkload({
          ready: 1,
          conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "" }],
        }),
      },
      2,
      "fail",
      ["ROLLOUT_STUCK"],
    ],
    [
      "a progress deadline exceeded once, but ready",
      {
        workloads: withWorkload({
          conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "" }],
        }),
      },
      2,
      "pass",
      [],
    ],
    ["another version deployed", { revisions: arrived("4.5.21", "4.5.23") }, 2, "fail", ["VERSION_NOT_REACHED"]],
  ];
  for (const [title, facts, minutes, outcome, codes] of table) {
    it(`${outcome}: ${title}`, async () => {
      const verdict = await judge(facts, minutes);

      assert.deepEqual([verdict.outcome, verdict.reasons.map(({ code }) => code)], [outcome, codes]);
    });
  }

  it("names the stuck pod, its reason, its last log line and where to look", async () => {
    const verdict = await judge(
      {
        workloads: withWorkload({ ready: 1 }),
        pods: [waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container")],
        log: "starting\npanic: no route to mongo password=hunter2 \n\n",
      },
      10,
    );

    assert.equal(
      verdict.reasons[0]?.message,
      "Deployment hubble-system/mgmt: 1 of 2 pods are ready; pod mgmt-7d9f-abcde, container main: CrashLoopBackOff, not ready for 10 minutes " +
        '(back-off 5m0s restarting failed container), last log line "panic: no route to mongo password=hunter2". It does not settle by ' +
        'itself: fix what the pod names ("kubectl --namespace hubble-system describe deployment mgmt"), then run this again.',
    );
  });

  it("takes what looks like a password out of that log line before it leaves", async () => {
    const site = fakeSite({
      workloads: withWorkload({ ready: 1 }),
      pods: [waiting("CrashLoopBackOff")],
      log: "dial mongodb://root:hunter2@mongo password=hunter3",
    });
    const report = await runGate(
      rolloutGate,
      inputFor({ when: "after", to: "4.6.41", site, clock: new FakeClock(at(10)) }),
    );

    assert.doesNotMatch(JSON.stringify(report), /hunter/);
    assert.match(report.reasons[0]!.message, /mongodb:\/\/<redacted>@mongo password=<redacted>/);
  });

  it("says what was deployed, what is expected and what to do", async () => {
    const revisions = [
      ...arrived("4.5.21", "4.5.23"),
      revision({ revision: 3, chartVersion: "4.6.41", status: "failed" }),
    ];
    const verdict = await judge({ revisions });

    assert.equal(
      verdict.reasons[0]?.message,
      'Helm release "hubble" has 4.5.23 deployed (revision 2; its revision 3 is failed), expected 4.6.41. ' +
        "Finish the hop to 4.6.41 first; its checks come after it.",
    );
  });

  it("a log that cannot be read takes nothing from the verdict", async () => {
    const site = fakeSite(
      { workloads: withWorkload({ ready: 1 }), pods: [waiting("CrashLoopBackOff")] },
      { podLog: () => new SiteError("forbidden", "no") },
    );
    const verdict = await judge({}, 10, { site });

    assert.equal(verdict.reasons[0]?.code, "ROLLOUT_STUCK");
  });

  it("before a hop judges the installed version, and asks after Traefik only from 4.8.47 on", async () => {
    const nginx = await judge({ revisions: arrived("4.8.21", "4.8.33") }, 2, {
      when: "before",
      from: "4.8.33",
      to: "4.8.47",
      site: fakeSite({ revisions: arrived("4.8.21", "4.8.33") }),
    });
    const traefik = await judge({}, 2, {
      when: "after",
      from: "4.8.33",
      to: "4.8.47",
      site: fakeSite({ revisions: arrived("4.8.33", "4.8.47") }),
    });

    assert.equal(nginx.outcome, "pass");
    assert.deepEqual(
      traefik.reasons.map(({ member }) => member),
      ["ingress-traefik"],
    );
  });

  it("a hop that is taken up again is not held up by its own half roll-out, but tells it", async () => {
    const site = fakeSite({ workloads: withWorkload({ ready: 1 }) });
    const resumed = await judge({}, 2, { when: "before", to: "4.7.20", site, resuming: true });
    const fresh = await judge({}, 2, { when: "before", to: "4.7.20", site });

    assert.deepEqual([resumed.outcome, fresh.outcome], ["pass", "wait"]);
    assert.match(resumed.reasons[0]!.message, /^ROLLOUT_PENDING: /);
  });

  it("a hop that has installed its destination is judged by the destination's workloads", async () => {
    const site = fakeSite({ revisions: arrived("4.6.41", "4.7.20"), workloads: withWorkload({ ready: 1 }) });
    const hop = { when: "before", from: "4.6.41", to: "4.7.20", site } as const;
    const resumed = await judge({}, 2, { ...hop, resuming: true });
    const fresh = await judge({}, 2, hop);

    assert.deepEqual([resumed.outcome, fresh.outcome], ["pass", "fail"]);
    assert.match(resumed.reasons[0]!.message, /^ROLLOUT_PENDING: .* Expected at 4\.7\.20: all ready\.$/);
    assert.equal(fresh.reasons[0]?.code, "VERSION_NOT_REACHED");
  });

  for (const [kind, transient] of [
    ["network", true],
    ["forbidden", false],
  ] as const) {
    it(`workloads that cannot be read (${kind}) are unknown, ${transient ? "asked again" : "at once"}`, async () => {
      const site = fakeSite({}, { workloads: () => new SiteError(kind, "no") });
      const verdict = await judge({}, 2, { site });

      assert.deepEqual([verdict.outcome, verdict.transient ?? false], ["unknown", transient]);
    });
  }
});
