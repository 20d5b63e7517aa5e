import { findHubble } from "../hubble.js";
import { createNotReachedFinding } from "../arrival.js";
import type { Gate, Observed } from "../verdict/types.js";
import { toErrorFinding, read, softenVerdict, createVerdict } from "../verdict/findings.js";
import { judgeRollout, type RolloutFacts } from "./judge.js";
import { probeRollout } from "./probe.js";

/** Checks that a version is deployed with all workloads ready: the new one after a hop, the installed one before it. */
export const rolloutGate: Gate = {
  name: "rollout",
  timing: { deadlineSeconds: 1800, intervalSeconds: 10, samples: 2 },
  recheck: "start-only",
  reads: [
    "secrets of type helm.sh/release.v1 (list)",
    "deployments, statefulsets, daemonsets, pods (list) and pods/log (get) of Palette's namespaces",
  ],
  async sample({ site, settings, edge, when, clock, resuming }, signal) {
    const version = when === "after" ? edge.to : edge.from;
    const revisions = await read(() => site.kubernetes.helmRevisions(settings.releaseNamespace), signal);
    if (!revisions.ok) return createVerdict("rollout", [toErrorFinding(revisions.error, null, unreadRecords)], null);
    const answer = findHubble(revisions.value, settings.releaseNamespace);
    if (!answer.ok) return createVerdict("rollout", [answer.finding], null);
    if (answer.hubble.deployed.chartVersion !== version) {
      return createVerdict("rollout", [createNotReachedFinding(version, answer.hubble)], {
        live: answer.hubble.deployed.chartVersion,
      });
    }
    const now = await clock.now();
    const facts = await read(() => probeRollout(site.kubernetes, version, now), signal);
    if (!facts.ok)
      return createVerdict("rollout", [toErrorFinding(facts.error, null, unreadWorkloads)], { live: version });
    const verdict = createVerdict("rollout", judgeRollout(facts.value), toObserved(facts.value));
    // The interrupted hop itself left workloads half rolled out: report them, but do not block resuming it.
    return when === "before" && resuming ? softenVerdict(verdict) : verdict;
  },
};

const unreadRecords = "Helm's release records could not be read";
const unreadWorkloads = "The workloads of Palette could not be read";

function toObserved({ version, namespaces, workloads }: RolloutFacts): Observed {
  return { live: version, namespaces: [...namespaces], workloads: workloads.length };
}
