import { gateFor } from "../plan/expand.js";
import type { GateSettings } from "../stack/gate-settings.js";
import { changeOf, compareVersions, type Version } from "../version/version.js";
import { checkClusterIdentity } from "./cluster-identity/identity.js";
import { notReached } from "./arrival.js";
import { begunVersion, hubbleOf, previousVersion, type Hubble } from "./hubble.js";
import { factsOfGate } from "./site-of-gate.js";
import type { Edge, Gate, GateInput, GateName, Reason, Verdict } from "./types.js";
import { findingOfError, read, softened, verdictOf, type Finding } from "./verdict.js";

/** Whether and how the hop needs the gate; null when it does not. */
export type Needs = (
  name: GateName,
  when: "before" | "after",
  edge: Edge,
  settings: GateSettings,
) => { mandatory: boolean } | null;

/** What the project's data says a hop of this installation needs. The program upgrades Helm installs on Kubernetes only. */
export const needsByData: Needs = (name, when, edge, settings) =>
  gateFor(name, when, edge.from, edge.to, {
    edition: settings.edition,
    method: "kubernetes",
    facts: factsOfGate(settings),
  });

/**
 * A gate that first looks where it is: the cluster is the enrolled one, and the installed version and so the edge are
 * read live, again with each sample. Then it asks the data whether this edge needs the gate, and only then the gate.
 */
export interface GuardedGate extends Gate {
  /** The edge that the last sample saw; null when it could not be told. */
  edge(): Edge | null;
  /** Whether that sample saw the hop begun already. */
  resuming(): boolean;
}

/** Gates that are judged even where no release is to move: a fault they see is one all the same. */
const always: ReadonlySet<GateName> = new Set(["helm-release"]);
/** Gates that the installation's own settings ask for, on every hop; no rule of the vendor's knows them. */
const ofTheSite: ReadonlySet<GateName> = new Set(["own-check"]);

/** What is found where no version is deployed. */
const nothingYet: ReadonlySet<string> = new Set(["NO_INSTALLATION", "NO_DEPLOYED_REVISION"]);
/** Gates that judge the cluster, the time or what the installation asks for, and so make sense before there is a Palette. */
const beforeAnything: ReadonlySet<GateName> = new Set(["kubernetes-version", "window", "own-check"]);

/** `when` and destination come with the input; its edge's `from` is what was asked for and is replaced by what is live. */
export function guarded(gate: Gate, needs: Needs = needsByData): GuardedGate {
  let seen: Edge | null = null;
  let resuming = false;
  return {
    ...gate,
    edge: () => seen,
    resuming: () => resuming,
    async sample(input, signal): Promise<Verdict> {
      seen = null;
      const identity = await checkClusterIdentity(input.site.kubernetes, input.settings.clusterUid);
      if (identity.length > 0) return verdictOf(gate.name, identity, null);
      const place = await locate(input, signal);
      if ("finding" in place) {
        if (input.install === true && input.when === "before" && nothingYet.has(place.finding.code))
          return beforeInstall(gate, input, signal);
        return verdictOf(gate.name, [place.finding], null);
      }
      seen = place.edge;
      resuming = place.resuming;
      const located: GateInput = { ...input, edge: place.edge, resuming: place.resuming };
      return judgeWhereNeeded(gate, located, needs, signal);
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

function edgeOf(from: Version, to: Version): Edge {
  return { from, to, change: from === to ? "none" : changeOf(from, to) };
}

async function judgeWhereNeeded(gate: Gate, input: GateInput, needs: Needs, signal: AbortSignal): Promise<Verdict> {
  const { edge, when, settings } = input;
  const { name } = gate;
  if (always.has(name)) return gate.sample(input, signal);
  if (when === "before" && edge.change === "none") {
    const why = `${edge.to} is installed already, so no release is to move.`;
    return name === "pcg-readiness" ? recordOnly(gate, input, why, signal) : passedOver(name, why, edge);
  }
  const needed = ofTheSite.has(name) ? { mandatory: true } : needs(name, when, edge, settings);
  if (needed === null) return passedOver(name, notNeeded(name, when, edge), edge);
  const verdict = await gate.sample(input, signal);
  return needed.mandatory ? verdict : softened(verdict);
}

/** Nothing is installed, as was said: what would judge it is passed over with a word why. */
function beforeInstall(gate: Gate, input: GateInput, signal: AbortSignal): Promise<Verdict> | Verdict {
  const edge = edgeOf(input.edge.to, input.edge.to);
  if (beforeAnything.has(gate.name)) return gate.sample({ ...input, edge }, signal);
  const why = `${edge.to} is installed from nothing; there is no installation yet that the gate ${gate.name} could judge.`;
  return { gate: gate.name, outcome: "pass", reasons: [notApplicable(why)], observed: null };
}

function notNeeded(name: GateName, when: "before" | "after", { from, to, change }: Edge): string {
  return change === "none"
    ? `${to} is installed and nothing of what came before it is known; the gate ${name} has nothing to judge ${when} that.`
    : `The hop ${from} -> ${to} does not need the gate ${name} ${when} it.`;
}

function passedOver(name: GateName, why: string, edge: Edge): Verdict {
  return { gate: name, outcome: "pass", reasons: [notApplicable(why)], observed: { live: edge.from } };
}

/** Readiness is also the record of agent versions, which a later catch-up compares with: taken even where nothing moves. */
async function recordOnly(gate: Gate, input: GateInput, why: string, signal: AbortSignal): Promise<Verdict> {
  const verdict = softened(await gate.sample(input, signal));
  return { ...verdict, reasons: [notApplicable(why), ...verdict.reasons] };
}

function notApplicable(message: string): Reason {
  return { code: "NOT_APPLICABLE", member: null, message };
}
