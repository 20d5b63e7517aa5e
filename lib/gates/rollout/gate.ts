import type { Gate, Observed } from "../verdict/types.js";
import { toErrorFinding, read, softenVerdict, createVerdict } from "../verdict/findings.js";
import { createNotReachedFinding, readInstalled } from "../verdict/installed.js";
import { judgeRollout, type RolloutFacts } from "./judge.js";
import { probeRollout } from "./probe.js";

/** Checks that a version is deployed with all workloads ready: the new one after a hop, the installed one before it. */
export const rolloutGate: Gate = {
  name: "rollout",
  timing: { deadlineSeconds: 1800, intervalSeconds: 10, samples: 2 },
  recheck: "start-only",
  async sample(input, signal) {
    const { site, edge, when, clock, resuming } = input;
    const installed = await readInstalled(input, signal);
    if (installed.state !== "installed") return createVerdict("rollout", [installed.finding], null);
    const isMoved = resuming && installed.version === edge.to;
    const version = when === "after" || isMoved ? edge.to : edge.from;
    if (installed.version !== version) {
      return createVerdict("rollout", [createNotReachedFinding(version, installed.hubble)], {
        live: installed.version,
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

const unreadWorkloads = "The workloads of Palette could not be read";

function toObserved({ version, namespaces, workloads }: RolloutFacts): Observed {
  return { live: version, namespaces: [...namespaces], workloads: workloads.length };
}
