import { type Pod, type Workload } from "../../../site/types.js";
import { type Observed } from "../../verdict/types.js";
import { type Surroundings } from "../probe/answers.js";
import { type Finding } from "../finding.js";

/** Names of MongoDB's disruption budget in the vendor's charts. */
const budgetNames = new Set(["mongo-pdb", "mongodb-pdb", "mongo"]);
const lastingTroubles = new Set([
  "CrashLoopBackOff",
  "Error",
  "OOMKilled",
  "CreateContainerConfigError",
  "InvalidImageName",
]);

interface Expectation {
  edition: "palette" | "vertex";
  namespace: string;
  statefulSet: string;
  resuming: boolean;
}

/** Judges what the vendor's diagnosis checks besides the replica set: edition, StatefulSet, pods, volumes, budget. */
export function judgeSurroundings(seen: Surroundings, expected: Expectation): Finding[] {
  return [
    ...checkEdition(seen, expected),
    ...checkStatefulSet(seen.statefulSet, expected),
    ...checkPods(seen, expected),
    ...checkClaims(seen),
    ...checkBudgets(seen),
  ];
}

/** Returns what was seen in the cluster, as evidence. */
export function toObservedSurroundings({ edition, statefulSet, pods }: Surroundings): Record<string, Observed> {
  return {
    edition,
    updateRevision: statefulSet?.updateRevision ?? null,
    pods: (pods ?? []).map((pod) => ({
      name: pod.name,
      phase: pod.phase,
      startTime: pod.startTime,
      containers: pod.containers.map(({ name, image, ready, restarts }) => ({ name, image, ready, restarts })),
    })),
  };
}

function checkEdition({ edition }: Surroundings, expected: Expectation): Finding[] {
  if (edition === null || edition === expected.edition) return [];
  const message = `MongoDB in ${expected.namespace} is set up as ${edition === "vertex" ? "VerteX (Secret mongo-tls exists)" : "Palette (there is no Secret mongo-tls)"}, and the stack says ${expected.edition}: correct palette:edition or the cluster.`;
  return [createFinding(null, "EDITION_MISMATCH", "fail", message)];
}

function checkStatefulSet(set: Workload | null | undefined, expected: Expectation): Finding[] {
  const name = expected.statefulSet;
  if (set === null) return [];
  if (set === undefined) {
    const message = `There is no StatefulSet ${name} in ${expected.namespace}, expected MongoDB's: correct palette:mongo; a MongoDB outside the cluster (mongo.internal=false) cannot be judged this way.`;
    return [createFinding(name, "MONGO_NOT_FOUND", "unknown", message)];
  }
  const found: Finding[] = [];
  if (set.desired < 1)
    found.push(
      createFinding(
        name,
        "STATEFULSET_SCALED_DOWN",
        "fail",
        `StatefulSet ${name} wants ${set.desired} members, expected at least 1: scale it up again.`,
      ),
    );
  if (set.ready < set.desired)
    found.push(
      createFinding(
        name,
        "STATEFULSET_NOT_READY",
        "wait",
        `StatefulSet ${name} has ${set.ready} of ${set.desired} pods ready, expected all: wait, or look at the pod that is not.`,
      ),
    );
  const rolling =
    set.observedGeneration < set.generation || set.currentRevision !== set.updateRevision || set.updated < set.desired;
  if (rolling && expected.resuming)
    found.push(
      createFinding(
        name,
        "NOTE",
        "note",
        `StatefulSet ${name} has ${set.updated} of ${set.desired} pods on its newest revision, which the hop in progress explains: taking it up again lets the rest follow.`,
      ),
    );
  if (rolling && !expected.resuming)
    found.push(
      createFinding(
        name,
        "STATEFULSET_ROLLING",
        "wait",
        `StatefulSet ${name} has ${set.updated} of ${set.desired} pods on its newest revision, expected all: wait for its roll-out to end.`,
      ),
    );
  return found;
}

function checkPods({ pods, statefulSet }: Surroundings, { resuming, statefulSet: name }: Expectation): Finding[] {
  if (pods === null) return [];
  const names = new Set(pods.map((pod) => pod.name));
  const wanted = Array.from({ length: Math.min(statefulSet?.desired ?? 0, 50) }, (_, index) => `${name}-${index}`);
  const missing = wanted.filter((pod) => !names.has(pod));
  return [
    ...missing.map((pod) =>
      createFinding(
        pod,
        "POD_MISSING",
        "wait",
        `Pod ${pod} is not there, expected one for each member: wait, or find out why it is not scheduled.`,
      ),
    ),
    ...pods.flatMap((pod) => checkPod(pod, resuming)),
  ];
}

function checkPod(pod: Pod, resuming: boolean): Finding[] {
  const found: Finding[] = [];
  for (const container of pod.containers) {
    const reason = container.waiting?.reason ?? container.terminated?.reason;
    if (reason !== undefined && lastingTroubles.has(reason)) {
      const resumeAdvice = resuming
        ? " A member that fails on the new image stops the hop in progress: never roll back, fix its cause so that the rest can follow."
        : "";
      found.push(
        createFinding(
          pod.name,
          "POD_CRASHING",
          "fail",
          `${pod.name} is in ${reason} (container ${container.name}, ${container.restarts} restarts), expected running: read its last log.${resumeAdvice}`,
        ),
      );
    } else if (!container.ready) {
      const why = reason ?? `phase ${pod.phase}`;
      found.push(
        createFinding(
          pod.name,
          "POD_NOT_READY",
          "wait",
          `${pod.name}'s container ${container.name} is not ready (${why}), expected ready: wait, or look at its events.`,
        ),
      );
    }
  }
  if (found.length === 0 && pod.phase !== "Running")
    found.push(
      createFinding(
        pod.name,
        "POD_NOT_READY",
        "wait",
        `${pod.name} is in phase ${pod.phase}, expected Running: wait, or look at its events.`,
      ),
    );
  return found;
}

function checkClaims({ pods, claims }: Surroundings): Finding[] {
  if (claims === null) return [];
  const byName = new Map(claims.map((claim) => [claim.name, claim]));
  return (pods ?? []).flatMap((pod) =>
    pod.persistentVolumeClaims.flatMap((name) => {
      const claim = byName.get(name);
      if (!claim)
        return [
          createFinding(
            pod.name,
            "VOLUME_MISSING",
            "fail",
            `${pod.name}'s volume claim ${name} does not exist, expected Bound: its data is not safe, find out what became of it.`,
          ),
        ];
      if (claim.deleting)
        return [
          createFinding(
            pod.name,
            "VOLUME_DELETING",
            "fail",
            `${pod.name}'s volume claim ${name} is being deleted and goes when the pod restarts, expected Bound: copy the member's data first.`,
          ),
        ];
      if (claim.phase === "Bound") return [];
      const outcome = claim.phase === "Pending" ? "wait" : "fail";
      return [
        createFinding(
          pod.name,
          "VOLUME_NOT_BOUND",
          outcome,
          `${pod.name}'s volume claim ${name} is ${claim.phase}, expected Bound: look at its events and storage class.`,
        ),
      ];
    }),
  );
}

function checkBudgets({ budgets }: Surroundings): Finding[] {
  return (budgets ?? [])
    .filter(({ name, currentHealthy, desiredHealthy }) => budgetNames.has(name) && currentHealthy < desiredHealthy)
    .map(({ name, currentHealthy, desiredHealthy }) =>
      createFinding(
        name,
        "BUDGET_EXHAUSTED",
        "wait",
        `Disruption budget ${name} counts ${currentHealthy} healthy pods, expected at least ${desiredHealthy}: wait until the others are back.`,
      ),
    );
}

function createFinding(member: string | null, code: string, outcome: Finding["outcome"], message: string): Finding {
  return { rule: null, code, member, outcome, message };
}
