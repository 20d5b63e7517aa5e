import { namespacesOf } from "../../plan/rules.js";
import type { Site } from "../../site/types.js";
import { hubbleOf, type Hubble } from "../hubble.js";
import { agentsOf } from "../pcg-readiness/gate.js";
import { probePcgs } from "../pcg-readiness/probe.js";
import type { Gate, GateInput, Verdict } from "../types.js";
import { findingOfError, read, verdictOf } from "../verdict.js";
import { arrivalOf, type Arrival } from "./clock.js";
import { judgeCatchUp } from "./judge.js";
import { remember, type Memory } from "./memory.js";

/** What earlier looks of one run saw: kept as long as the run's site is. */
const memories = new WeakMap<Site, Memory>();
/** The arrival of a deployed revision, once its clock has started: read once, as nothing starts that clock anew. */
const arrivals = new WeakMap<Site, { revision: number; arrival: Arrival }>();

/** After a hop the PCGs have caught up; before the next one the same is asked of the installed version. */
export const pcgCatchUpGate: Gate = {
  name: "pcg-catch-up",
  timing: { deadlineSeconds: 7200, intervalSeconds: 60, samples: 1 },
  recheck: "start-only",
  reads: [
    "secrets of type helm.sh/release.v1 (list); deployments, statefulsets, daemonsets, pods (list) of Palette's namespaces",
    "Palette API, tenant scope: as pcg-readiness, and GET /v1/events/components/spectrocluster/{uid}, /v1/notifications/spectrocluster/{uid}",
  ],
  sample: lookAt,
};

async function lookAt(input: GateInput, signal: AbortSignal): Promise<Verdict> {
  const { site, settings, only, baseline, clock } = input;
  const arrival = await read(() => probeArrival(input), signal);
  if (!arrival.ok) return verdictOf("pcg-catch-up", [findingOfError(arrival.error, null, unreadArrival)], null);
  if ("refused" in arrival.value) return arrival.value.refused;
  const since = new Date(arrival.value.deployedAt);
  const readings = await probePcgs({ site, settings, only, since }, signal);
  const now = await clock.now();
  const memory = remember(memories.get(site) ?? new Map(), readings, now);
  memories.set(site, memory);
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
  return verdictOf("pcg-catch-up", judgeCatchUp(facts), {
    live: version,
    from,
    clockStartedAt: startedAt,
    agents: agentsOf(readings),
    baseline: { ...baseline },
  });
}

async function probeArrival({ site, settings, ingressProvedAt }: GateInput): Promise<Arrival | { refused: Verdict }> {
  const answer = hubbleOf(await site.kubernetes.helmRevisions(settings.releaseNamespace), settings.releaseNamespace);
  if (!answer.ok) return { refused: verdictOf("pcg-catch-up", [answer.finding], null) };
  return arrivalAt(site, answer.hubble, ingressProvedAt ?? null);
}

async function arrivalAt(site: Site, hubble: Hubble, ingressProvedAt: string | null): Promise<Arrival> {
  const known = arrivals.get(site);
  const { revision } = hubble.deployed;
  if (known?.revision === revision) return known.arrival;
  const namespaces = namespacesOf(hubble.deployed.chartVersion);
  const workloads = await site.kubernetes.workloads(namespaces);
  const pods = (await Promise.all(namespaces.map((namespace) => site.kubernetes.pods(namespace)))).flat();
  const arrival = arrivalOf({ hubble, workloads, pods, ingressProvedAt });
  if (arrival.startedAt !== null) arrivals.set(site, { revision, arrival });
  return arrival;
}

const unreadArrival = "When the installed version arrived could not be read from the cluster";
