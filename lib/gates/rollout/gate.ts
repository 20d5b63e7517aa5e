import { hubbleOf } from "../hubble.js";
import { notReached } from "../arrival.js";
import type { Gate, Observed } from "../types.js";
import { findingOfError, read, softened, verdictOf } from "../verdict.js";
import { judgeRollout, type RolloutFacts } from "./judge.js";
import { probeRollout } from "./probe.js";

/** The version is deployed and every workload of it is ready: after a hop the new one, before a hop the installed one. */
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
    if (!revisions.ok) return verdictOf("rollout", [findingOfError(revisions.error, null, unreadRecords)], null);
    const answer = hubbleOf(revisions.value, settings.releaseNamespace);
    if (!answer.ok) return verdictOf("rollout", [answer.finding], null);
    if (answer.hubble.deployed.chartVersion !== version) {
      return verdictOf("rollout", [notReached(version, answer.hubble)], { live: answer.hubble.deployed.chartVersion });
    }
    const now = await clock.now();
    const facts = await read(() => probeRollout(site.kubernetes, version, now), signal);
    if (!facts.ok) return verdictOf("rollout", [findingOfError(facts.error, null, unreadWorkloads)], { live: version });
    const verdict = verdictOf("rollout", judgeRollout(facts.value), observedOf(facts.value));
    // A hop that is taken up again has left its own workloads half rolled out: told, but no deadlock.
    return when === "before" && resuming ? softened(verdict) : verdict;
  },
};

const unreadRecords = "Helm's release records could not be read";
const unreadWorkloads = "The workloads of Palette could not be read";

function observedOf({ version, namespaces, workloads }: RolloutFacts): Observed {
  return { live: version, namespaces: [...namespaces], workloads: workloads.length };
}
