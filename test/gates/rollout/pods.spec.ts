import assert from "node:assert/strict";
import { judgeRollout, formatLogKey, describeShortfall, type RolloutFacts } from "../../../lib/gates/rollout/judge.js";
import { selectWorkloadPods, findStuckPods } from "../../../lib/gates/rollout/pods.js";
import { probeRollout } from "../../../lib/gates/rollout/probe.js";
import type { Pod, Workload } from "../../../lib/site/types.js";
import { at, container, fakeSite, pod, readyWorkloads, workload } from "../fake-site.js";

/** Ten minutes after all fake pods were started. */
const now = new Date(at(10));
const waits = (reason: string, more: Parameters<typeof container>[0] = {}) =>
  container({ ready: false, waiting: { reason, message: "" }, ...more });
const ended = (exitCode: number, reason: string, more: Parameters<typeof container>[0] = {}) =>
  container({ ready: false, terminated: { reason, exitCode }, ...more });
const stateful = (change: Partial<Workload>): Workload =>
  workload({ kind: "StatefulSet", name: "mongo", currentRevision: "a", updateRevision: "a", ...change });

describe("what a workload lacks", () => {
  const table: [string, Workload, string | null][] = [
    ["nothing", workload(), null],
    ["a generation that is not observed", workload({ generation: 3 }), "generation 3 is not yet observed (2)"],
    ["an observed one that is newer", workload({ observedGeneration: 3 }), null],
    ["pods of the new revision", workload({ updated: 1 }), "1 of 2 pods are of the new revision"],
    [
      "a Deployment's old pod serves beside a new one that is not ready",
      workload({ desired: 1, present: 2, updated: 1, ready: 1, available: 1 }),
      "1 of 2 pods are still of the old revision",
    ],
    ["a DaemonSet counts nodes, not revisions", workload({ kind: "DaemonSet", present: 3 }), null],
    ["ready pods", workload({ ready: 1, available: 1 }), "1 of 2 pods are ready"],
    ["available pods", workload({ available: 1 }), "1 of 2 pods are available"],
    ["more pods than wanted that are ready", workload({ ready: 3, available: 3 }), null],
    ["a StatefulSet at one revision", stateful({}), null],
    ["a StatefulSet without revisions", stateful({ currentRevision: null, updateRevision: null }), null],
    ["a StatefulSet between revisions", stateful({ updateRevision: "b" }), "revision b has not replaced a"],
    ["a StatefulSet that has none yet", stateful({ currentRevision: null }), "revision a has not replaced ?"],
    ["a StatefulSet that waits for none", stateful({ updateRevision: null }), "revision ? has not replaced a"],
    ["revisions of a Deployment mean nothing", workload({ currentRevision: "a", updateRevision: "b" }), null],
    ["first the generation", stateful({ generation: 3, updated: 0 }), "generation 3 is not yet observed (2)"],
    ["then the revision's pods", stateful({ updated: 1, updateRevision: "b" }), "1 of 2 pods are of the new revision"],
  ];
  for (const [title, given, expected] of table) {
    it(`${title}: ${expected ?? "rolled out"}`, () => assert.equal(describeShortfall(given), expected));
  }
});

describe("pods of a workload", () => {
  const names = (of: Workload, pods: Pod[]): string[] => selectWorkloadPods(of, pods).map(({ name }) => name);

  const table: [string, Workload, Partial<Pod>, boolean][] = [
    ["a Deployment's, by its ReplicaSet", workload(), {}, true],
    ["of another whose name goes on", workload(), { ownerName: "mgmt-two-7d9f" }, false],
    ["of another namespace", workload(), { namespace: "cp-system" }, false],
    ["of a Job of that name", workload(), { ownerKind: "Job", ownerName: "mgmt-7d9f" }, false],
    ["of a ReplicaSet without a name", workload(), { ownerName: null }, false],
    ["of nobody", workload(), { ownerKind: null, ownerName: null }, false],
    ["a StatefulSet's", stateful({}), { ownerKind: "StatefulSet", ownerName: "mongo" }, true],
    ["a DaemonSet's of the same name", stateful({}), { ownerKind: "DaemonSet", ownerName: "mongo" }, false],
    ["of another StatefulSet", stateful({}), { ownerKind: "StatefulSet", ownerName: "mongo-b" }, false],
  ];
  for (const [title, of, change, owned] of table) {
    it(`${title}: ${owned}`, () => assert.deepEqual(names(of, [pod({ name: "p", ...change })]), owned ? ["p"] : []));
  }
});

describe("why a pod does not run", () => {
  const table: [string, Partial<Pod>, string | null][] = [
    ["ready", {}, null],
    [
      "a completed init container before a ready one",
      { containers: [ended(0, "Completed", { ready: true }), container()] },
      null,
    ],
    ["waiting", { containers: [waits("ContainerCreating")] }, "main ContainerCreating () 600 log false"],
    ["crash loop", { containers: [waits("CrashLoopBackOff")] }, "main CrashLoopBackOff () 600 log true"],
    ["no image", { containers: [waits("ImagePullBackOff")] }, "main ImagePullBackOff () 600 log false"],
    ["cannot be run", { containers: [waits("RunContainerError")] }, "main RunContainerError () 600 log true"],
    [
      "terminated with a fault",
      { containers: [ended(137, "OOMKilled")] },
      "main OOMKilled (exit code 137) 600 log true",
    ],
    ["terminated without a reason", { containers: [ended(1, "")] }, "main Error (exit code 1) 600 log true"],
    [
      "ended rightly, where it should run",
      { containers: [ended(0, "Completed")] },
      "main Completed (exit code 0) 600 log true",
    ],
    [
      "an init container failed: named, not the one that waits for it",
      { phase: "Pending", containers: [ended(1, "Error", { name: "init" }), waits("PodInitializing")] },
      "init Error (exit code 1) 600 log true",
    ],
    [
      "a hopeless container behind one that only starts",
      { containers: [waits("ContainerCreating"), waits("ErrImagePull", { name: "side" })] },
      "side ErrImagePull () 600 log false",
    ],
    [
      "a hopeless one before one that has failed",
      { containers: [ended(1, "Error"), waits("CrashLoopBackOff", { name: "side" })] },
      "side CrashLoopBackOff () 600 log true",
    ],
    ["pending, with nothing said", { phase: "Pending", containers: [] }, "- Pending () 600 log false"],
    [
      "one that ran for long before: counted from when it stopped being ready",
      { startTime: at(-9000), unreadySince: at(7), containers: [waits("CrashLoopBackOff")] },
      "main CrashLoopBackOff () 180 log true",
    ],
    [
      "no node takes it: why, and no age",
      {
        phase: "Pending",
        startTime: null,
        containers: [],
        unscheduled: { reason: "Unschedulable", message: "didn't have free ports" },
      },
      "- Unschedulable (didn't have free ports) null log false",
    ],
    [
      "runs, not ready",
      { containers: [container(), container({ name: "side", ready: false })] },
      "side NotReady (its readiness check does not pass) 600 log false",
    ],
  ];
  for (const [title, change, expected] of table) {
    it(title, () => {
      const seen = findStuckPods([pod(change)], now).map(
        (each) => `${each.container ?? "-"} ${each.reason} (${each.message}) ${each.unreadySeconds} log ${each.hasRun}`,
      );
      assert.deepEqual(seen, expected === null ? [] : [expected]);
    });
  }

  it("hopeless ones come first, then by name, in whatever order they were read", () => {
    const pods = [
      pod({ name: "b", containers: [waits("ContainerCreating")] }),
      pod({ name: "d", containers: [waits("CrashLoopBackOff")] }),
      pod({ name: "a", containers: [waits("ContainerCreating")] }),
      pod({ name: "c", containers: [waits("InvalidImageName")] }),
    ];
    for (const order of [pods, [...pods].reverse()]) {
      assert.deepEqual(findStuckPods(order, now).map((each) => each.pod.name), ["c", "d", "a", "b"]); // prettier-ignore
    }
  });
});

describe("the sentence of a stuck workload", () => {
  const facts = (pods: Pod[], logs: RolloutFacts["logs"] = {}): RolloutFacts => ({
    version: "4.6.41",
    namespaces: ["hubble-system"],
    workloads: [workload({ ready: 1 })],
    pods,
    logs,
    now,
  });

  it("names an ended pod with its exit code and last log line", () => {
    const stuck = pod({ containers: [ended(1, "Error")] });
    const [finding] = judgeRollout(facts([stuck], { [formatLogKey(stuck, "main")]: "panic: no  mongo." }));

    assert.deepEqual([finding?.outcome, finding?.code], ["wait", "ROLLOUT_PENDING"]);
    assert.equal(
      finding?.message,
      "Deployment hubble-system/mgmt: 1 of 2 pods are ready; pod mgmt-7d9f-abcde, container main: Error, not ready for 10 minutes " +
        '(exit code 1), last log line "panic: no mongo". Expected at 4.6.41: all ready.',
    );
  });

  it("names a pod that no node takes with Kubernetes' reason and no duration", () => {
    const unscheduled = { reason: "Unschedulable", message: "0/3 nodes: didn't have free ports." };
    const [finding] = judgeRollout(facts([pod({ phase: "Pending", startTime: null, containers: [], unscheduled })]));

    assert.match(
      finding!.message,
      /; pod mgmt-7d9f-abcde: Unschedulable \(0\/3 nodes: didn't have free ports\)\. Expected/,
    );
  });

  it("names three pods at most, and cuts what is too long", () => {
    const many = ["a", "b", "c", "d"].map((name) => pod({ name, containers: [waits("Starting")] }));
    const long = pod({
      containers: [waits("Starting", { waiting: { reason: "Starting", message: "x".repeat(241) } })],
    });

    assert.deepEqual([...judgeRollout(facts(many))[0]!.message.matchAll(/pod (\w),/g)].map((match) => match[1]), ["a", "b", "c"]); // prettier-ignore
    assert.ok(judgeRollout(facts([long]))[0]!.message.includes(`(${"x".repeat(239)}…)`));
  });

  it("asks for logs only of containers that have run, five at most", async () => {
    const asked: string[] = [];
    const crashed = ["f", "e", "d", "c", "b", "a"].map((name) =>
      pod({ name, containers: [waits("CrashLoopBackOff")] }),
    );
    const starting = pod({ name: "z", containers: [waits("ContainerCreating")] });
    const site = fakeSite({
      workloads: [...readyWorkloads.filter(({ namespace }) => namespace !== "hubble-system"), workload({ ready: 1 })],
      pods: [...crashed, starting],
    });
    const podLog = (_namespace: string, name: string): Promise<string> => {
      asked.push(name);
      return Promise.resolve("one\r\n two\n \n");
    };
    const { logs } = await probeRollout({ ...site.kubernetes, podLog }, "4.6.41", now);

    assert.deepEqual(asked, ["a", "b", "c", "d", "e"]);
    assert.equal(logs["hubble-system/a/main"], " two");
  });
});
