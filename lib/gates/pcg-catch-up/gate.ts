import { listRequiredNamespaces } from "../../planning/rules/rules.js";
import type { Site } from "../../site/types.js";
import { findHubble, type Hubble } from "../hubble.js";
import { collectAgentVersions } from "../pcg-readiness/gate.js";
import { probePcgs } from "../pcg-readiness/probe.js";
import type { Gate, GateInput, Verdict } from "../verdict/types.js";
import { toErrorFinding, read, createVerdict } from "../verdict/findings.js";
import { computeArrival, type Arrival } from "./clock.js";
import { judgeCatchUp } from "./judge.js";
import { updateMemory, type Memory } from "./memory.js";

/** What earlier samples of one run saw, kept as long as the run's site. */
const memoryBySite = new WeakMap<Site, Memory>();
/** The arrival of the deployed revision, cached once the agents' time has started, as nothing restarts it. */
const arrivalBySite = new WeakMap<Site, { revision: number; arrival: Arrival }>();

/** Checks that the PCGs have caught up: after a hop with the new version, before the next with the installed one. */
export const pcgCatchUpGate: Gate = {
  name: "pcg-catch-up",
  timing: { deadlineSeconds: 7200, intervalSeconds: 60, samples: 1 },
  recheck: "start-only",
  reads: [
    "secrets of type helm.sh/release.v1 (list); deployments, statefulsets, daemonsets, pods (list) of Palette's namespaces",
    "Palette API, tenant scope: as pcg-readiness, and GET /v1/events/components/spectrocluster/{uid}, /v1/notifications/spectrocluster/{uid}",
  ],
  sample: sampleCatchUp,
};

async function sampleCatchUp(input: GateInput, signal: AbortSignal): Promise<Verdict> {
  const { site, settings, only, baseline, clock } = input;
  const arrival = await read(() => probeArrival(input), signal);
  if (!arrival.ok) return createVerdict("pcg-catch-up", [toErrorFinding(arrival.error, null, unreadArrival)], null);
  if ("refused" in arrival.value) return arrival.value.refused;
  const since = new Date(arrival.value.deployedAt);
  const readings = await probePcgs({ site, settings, only, since }, signal);
  const now = await clock.now();
  const memory = updateMemory(memoryBySite.get(site) ?? new Map(), readings, now);
  memoryBySite.set(site, memory);
  const facts = {
    settings,
    readings,
    only,
    arrival: arrival.value,
    baseline,
    profileBaseline: input.profileBaseline ?? {},
    memory,
    now,
  };
  const { version, from, startedAt } = arrival.value;
  return createVerdict("pcg-catch-up", judgeCatchUp(facts), {
    live: version,
    from,
    clockStartedAt: startedAt,
    agents: collectAgentVersions(readings),
    baseline: { ...baseline },
  });
}

async function probeArrival({ site, settings, ingressProvedAt }: GateInput): Promise<Arrival | { refused: Verdict }> {
  const answer = findHubble(await site.kubernetes.helmRevisions(settings.releaseNamespace), settings.releaseNamespace);
  if (!answer.ok) return { refused: createVerdict("pcg-catch-up", [answer.finding], null) };
  return readArrival(site, answer.hubble, ingressProvedAt ?? null);
}

async function readArrival(site: Site, hubble: Hubble, ingressProvedAt: string | null): Promise<Arrival> {
  const known = arrivalBySite.get(site);
  const { revision } = hubble.deployed;
  if (known?.revision === revision) return known.arrival;
  const namespaces = listRequiredNamespaces(hubble.deployed.chartVersion);
  const workloads = await site.kubernetes.workloads(namespaces);
  const pods = (await Promise.all(namespaces.map((namespace) => site.kubernetes.pods(namespace)))).flat();
  const arrival = computeArrival({ hubble, workloads, pods, ingressProvedAt });
  if (arrival.startedAt !== null) arrivalBySite.set(site, { revision, arrival });
  return arrival;
}

const unreadArrival = "When the installed version arrived could not be read from the cluster";
