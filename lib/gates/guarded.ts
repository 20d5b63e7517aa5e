import { gateFor } from "../plan/expand.js";
import type { SiteFacts } from "../plan/types.js";
import type { GateSettings } from "../stack/gate-settings.js";
import { changeOf, compareVersions, type Version } from "../version/version.js";
import { checkClusterIdentity } from "./cluster-identity/identity.js";
import { begunVersion, hubbleOf, previousVersion, type Hubble } from "./hubble.js";
import type { Edge, Gate, GateInput, GateName, Verdict } from "./types.js";
import { findingOfError, read, verdictOf, type Finding } from "./verdict.js";

/** Whether the hop needs the gate. */
export type Needs = (name: GateName, when: "before" | "after", edge: Edge, settings: GateSettings) => boolean;

/** What the project's data says a hop of this installation needs. The program upgrades Helm installs on Kubernetes only. */
export const needsByData: Needs = (name, when, edge, settings) =>
  gateFor(name, when, edge.from, edge.to, {
    edition: settings.edition,
    method: "kubernetes",
    facts: factsOf(settings),
  }) !== null;

/**
 * A gate that first looks where it is: the cluster is the enrolled one, and the installed version and so the edge are
 * read live, again with each sample. Then it asks the data whether this edge needs the gate, and only then the gate.
 */
export interface GuardedGate extends Gate {
  /** The edge that the last sample saw; null when it could not be told. */
  edge(): Edge | null;
}

/** Gates that are judged even where no release is to move: a fault they see is one all the same. */
const always: ReadonlySet<GateName> = new Set(["helm-release"]);

/** `when` and destination come with the input; its edge's `from` is what was asked for and is replaced by what is live. */
export function guarded(gate: Gate, needs: Needs = needsByData): GuardedGate {
  let seen: Edge | null = null;
  return {
    ...gate,
    edge: () => seen,
    async sample(input, signal): Promise<Verdict> {
      seen = null;
      const identity = await checkClusterIdentity(input.site.kubernetes, input.settings.clusterUid);
      if (identity.length > 0) return verdictOf(gate.name, identity, null);
      const place = await locate(input, signal);
      if ("finding" in place) return verdictOf(gate.name, [place.finding], null);
      seen = place.edge;
      const located: GateInput = { ...input, edge: place.edge, resuming: place.resuming };
      const idle = notNeeded(gate.name, located, needs);
      if (idle === null) return gate.sample(located, signal);
      return gate.name === "pcg-readiness"
        ? recordOnly(gate, located, idle, signal)
        : passedOver(gate.name, idle, place.edge);
    },
  };
}

type Place = { edge: Edge; resuming: boolean } | { finding: Finding };

async function locate(input: GateInput, signal: AbortSignal): Promise<Place> {
  const { settings, site, edge, when } = input;
  const revisions = await read(() => site.kubernetes.helmRevisions(), signal);
  if (!revisions.ok)
    return { finding: findingOfError(revisions.error, null, "Helm's release records could not be read") };
  const answer = hubbleOf(revisions.value, settings.releaseNamespace);
  if (!answer.ok) return answer;
  return when === "after"
    ? arrivedAt(edge.to, answer.hubble)
    : leavingFor(edge.to, answer.hubble, begunVersion(answer.hubble, revisions.value));
}

function arrivedAt(to: Version, hubble: Hubble): Place {
  const live = hubble.deployed.chartVersion;
  if (live !== to) return { finding: notReached(to, hubble) };
  const from = previousVersion(hubble) ?? to;
  return { edge: edgeOf(from, to), resuming: false };
}

function leavingFor(to: Version, hubble: Hubble, begun: Version | null): Place {
  const live = hubble.deployed.chartVersion;
  if (compareVersions(live, to) > 0) {
    const message =
      `${live} is installed, which is newer than the destination ${to}; Palette cannot go back. ` +
      "Plan again from what is installed.";
    return { finding: { outcome: "fail", code: "VERSION_PASSED", member: null, message } };
  }
  return { edge: edgeOf(live, to), resuming: begun === to };
}

/** The finding of a check after a hop that did not arrive. */
export function notReached(to: Version, { name, deployed, newest }: Hubble): Finding {
  const newer = newest.revision > deployed.revision ? `; its revision ${newest.revision} is ${newest.status}` : "";
  return {
    outcome: "fail",
    code: "VERSION_NOT_REACHED",
    member: name,
    message:
      `Helm release "${name}" has ${deployed.chartVersion} deployed (revision ${deployed.revision}${newer}), expected ${to}. ` +
      `Finish the hop to ${to} first; its checks come after it.`,
  };
}

function edgeOf(from: Version, to: Version): Edge {
  return { from, to, change: from === to ? "none" : changeOf(from, to) };
}

/** Why there is nothing to judge; null when there is. */
function notNeeded(name: GateName, { edge, when, settings }: GateInput, needs: Needs): string | null {
  if (always.has(name)) return null;
  if (when === "before" && edge.change === "none") return `${edge.to} is installed already, so no release is to move.`;
  if (needs(name, when, edge, settings)) return null;
  return edge.change === "none"
    ? `The gate ${name} is not needed ${when} a stay at ${edge.to}.`
    : `The hop ${edge.from} -> ${edge.to} does not need the gate ${name} ${when} it.`;
}

function passedOver(name: GateName, why: string, edge: Edge): Verdict {
  return verdictOf(name, [notApplicable(why)], { live: edge.from });
}

/** Readiness is also the record of agent versions, which a later catch-up compares with: taken even where nothing moves. */
async function recordOnly(gate: Gate, input: GateInput, why: string, signal: AbortSignal): Promise<Verdict> {
  const verdict = await gate.sample(input, signal);
  const remarks = verdict.reasons.map(({ code, member, message }): Finding => {
    const told = code === "NOTE" ? message : `${code}: ${message}`;
    return { outcome: "pass", code: "NOTE", member, message: told };
  });
  return verdictOf(gate.name, [notApplicable(why), ...remarks], verdict.observed);
}

function notApplicable(message: string): Finding {
  return { outcome: "pass", code: "NOT_APPLICABLE", member: null, message };
}

function factsOf({ tenants, pcgsNone }: GateSettings): SiteFacts {
  return tenants.length > 0 ? { pcgs: true } : pcgsNone ? { pcgs: false } : {};
}
