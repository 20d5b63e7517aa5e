import { listRequiredNamespaces } from "../../planning/rules/rules.js";
import { type Hubble } from "../../site/installation.js";
import { collectAgentVersions } from "../pcg-readiness/gate.js";
import { probePcgs } from "../pcg-readiness/probe.js";
import type { Gate, GateInput, Verdict } from "../verdict/types.js";
import { toErrorFinding, read, createVerdict } from "../verdict/findings.js";
import { readInstalled } from "../verdict/installed.js";
import { type Arrival, createRunMemory, type RunMemory } from "../verdict/run-memory.js";
import { computeArrival } from "./clock.js";
import { judgeCatchUp } from "./judge.js";
import { updateMemory } from "./memory.js";

/** Checks that the PCGs have caught up: after a hop with the new version, before the next with the installed one. */
export const pcgCatchUpGate: Gate = {
  name: "pcg-catch-up",
  timing: { deadlineSeconds: 7200, intervalSeconds: 60, samples: 1 },
  recheck: "start-only",
  sample: sampleCatchUp,
};

async function sampleCatchUp(input: GateInput, signal: AbortSignal): Promise<Verdict> {
  const { site, settings, only, baseline, clock, memory = createRunMemory() } = input;
  const installed = await readInstalled(input, signal);
  if (installed.state !== "installed") return createVerdict("pcg-catch-up", [installed.finding], null);
  const arrival = await read(() => readArrival(input, installed.hubble, memory), signal);
  if (!arrival.ok) return createVerdict("pcg-catch-up", [toErrorFinding(arrival.error, null, unreadArrival)], null);
  const since = new Date(arrival.value.deployedAt);
  const readings = await probePcgs({ site, settings, only, since }, signal);
  const now = await clock.now();
  memory.gateways = updateMemory(memory.gateways, readings, now);
  const facts = {
    settings,
    readings,
    only,
    arrival: arrival.value,
    baseline,
    profileBaseline: input.profileBaseline ?? {},
    memory: memory.gateways,
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

async function readArrival({ site, ingressProvedAt }: GateInput, hubble: Hubble, memory: RunMemory): Promise<Arrival> {
  const { revision } = hubble.deployed;
  if (memory.arrival?.revision === revision) return memory.arrival.arrival;
  const namespaces = listRequiredNamespaces(hubble.deployed.chartVersion);
  const workloads = await site.kubernetes.workloads(namespaces);
  const pods = (await Promise.all(namespaces.map((namespace) => site.kubernetes.pods(namespace)))).flat();
  const arrival = computeArrival({ hubble, workloads, pods, ingressProvedAt: ingressProvedAt ?? null });
  if (arrival.startedAt !== null) memory.arrival = { revision, arrival };
  return arrival;
}

const unreadArrival = "When the installed version arrived could not be read from the cluster";
