import { findGate } from "../../planning/plan/expand.js";
import { type GateSettings } from "../../settings/gate-settings.js";
import { toGateSiteFacts } from "../../settings/site-facts.js";
import { classifyChange, compareVersions, type Version } from "../../planning/version/version.js";
import { findHopInProgress, findPreviousVersion, type Hubble, type Installed } from "../../site/installation.js";
import { checkClusterIdentity } from "../cluster-identity/identity.js";
import { type Edge, type Gate, type GateInput, type GateName, type Reason, type Verdict } from "../verdict/types.js";
import { explainByHop } from "./explain-by-hop.js";
import { createVerdict, type Finding, softenVerdict } from "../verdict/findings.js";
import { createNotReachedFinding, readInstalled } from "../verdict/installed.js";

/** Decides whether the hop needs the gate, and whether the gate is mandatory; null when it does not need it. */
export type Needs = (
  name: GateName,
  when: "before" | "after",
  edge: Edge,
  settings: GateSettings,
) => { mandatory: boolean } | null;

/** Whether a hop needs a gate, by the project's data. The program upgrades Helm installs on Kubernetes only. */
export const needsByData: Needs = (name, when, edge, settings) =>
  findGate(name, when, edge.from, edge.to, {
    edition: settings.edition,
    method: "kubernetes",
    facts: toGateSiteFacts(settings),
  });

/**
 * A gate that first determines where it runs. With each sample it checks that the cluster is the enrolled one, and
 * reads the installed version, and so the edge, live. It samples the gate itself only where the data says that the edge
 * needs it.
 */
export interface GuardedGate extends Gate {
  /** The edge that the last sample read; null when it could not be determined. */
  getEdge(): Edge | null;
  /** Whether that sample found the hop in progress already. */
  isResuming(): boolean;
}

/** Gates that are judged even where no release moves, because a fault they find counts in any case. */
const alwaysJudged: ReadonlySet<GateName> = new Set(["helm-release"]);
/** Gates that the installation's own settings request for every hop; the vendor's rules do not name them. */
const requestedBySite: ReadonlySet<GateName> = new Set(["own-check"]);

/** Gates that judge the cluster, the time or own checks, and so apply before Palette is installed. */
const judgedBeforeInstall: ReadonlySet<GateName> = new Set(["kubernetes-version", "window", "own-check"]);

/** Gates that judge what a roll-out of Palette itself replaces: since it was begun, or since it has succeeded. */
const replacedBy: Partial<Record<GateName, "begun" | "installed">> = {
  "pcg-catch-up": "begun",
  "ingress-exposure": "installed",
};

/** Guards a gate. `when` and the destination come from the input; its edge's `from` is replaced by the live version. */
export function guardGate(gate: Gate, needs: Needs = needsByData): GuardedGate {
  let seen: Edge | null = null;
  let resuming = false;
  return {
    ...gate,
    getEdge: () => seen,
    isResuming: () => resuming,
    async sample(input, signal): Promise<Verdict> {
      seen = null;
      const identity = await checkClusterIdentity(input.site.kubernetes, input.settings.clusterUid);
      if (identity.length > 0) return createVerdict(gate.name, identity, null);
      const installed = await readInstalled(input, signal);
      const isInstall = input.install === true || input.begun?.from === null;
      const isInstalled = installed.state === "installed" && installed.version === input.edge.to;
      if (input.when === "before" && isInstall && (installed.state === "empty" || (isInstalled && input.begun)))
        return judgeBeforeInstall(gate, input, signal);
      const location = installed.state === "installed" ? locateHop(input, installed) : installed;
      if ("finding" in location) return createVerdict(gate.name, [location.finding], null);
      seen = location.edge;
      resuming = location.resuming;
      const located: GateInput = { ...input, edge: location.edge, resuming: location.resuming };
      const isBegun = resuming && isPaletteBegun(input, installed);
      const since = replacedBy[gate.name];
      if (isBegun && (since === "begun" || (since === "installed" && isInstalled)))
        return createPassedOverVerdict(gate.name, describeReplaced(gate.name, seen), seen);
      const verdict = await judgeWhereNeeded(gate, located, needs, signal);
      return isBegun ? explainByHop(verdict, seen) : verdict;
    },
  };
}

type LocatedHop = { edge: Edge; resuming: boolean } | { finding: Finding };

function locateHop({ edge, when, begun }: GateInput, { hubble, releases }: Installed): LocatedHop {
  if (when === "after") return locateAfterHop(edge.to, hubble);
  const from = begun?.from ?? edge.to;
  if (hubble.deployed.chartVersion === edge.to && from !== edge.to)
    return { edge: createEdge(from, edge.to), resuming: true };
  return locateBeforeHop(edge.to, hubble, findHopInProgress(releases)?.to ?? null);
}

function locateAfterHop(to: Version, hubble: Hubble): LocatedHop {
  const live = hubble.deployed.chartVersion;
  if (live !== to) return { finding: createNotReachedFinding(to, hubble) };
  const from = findPreviousVersion(hubble) ?? to;
  return { edge: createEdge(from, to), resuming: false };
}

function locateBeforeHop(to: Version, hubble: Hubble, versionInProgress: Version | null): LocatedHop {
  const live = hubble.deployed.chartVersion;
  if (compareVersions(live, to) > 0) {
    const message =
      `${live} is installed, which is newer than the destination ${to}; Palette cannot go back. ` +
      "Plan again from what is installed.";
    return { finding: { outcome: "fail", code: "VERSION_PASSED", member: null, message } };
  }
  return { edge: createEdge(live, to), resuming: versionInProgress === to };
}

function createEdge(from: Version, to: Version): Edge {
  return { from, to, change: from === to ? "none" : classifyChange(from, to) };
}

async function judgeWhereNeeded(gate: Gate, input: GateInput, needs: Needs, signal: AbortSignal): Promise<Verdict> {
  const { edge, when, settings } = input;
  const { name } = gate;
  if (alwaysJudged.has(name)) return gate.sample(input, signal);
  if (when === "before" && edge.change === "none") {
    const why = `${edge.to} is installed already, so no release is to move.`;
    return name === "pcg-readiness"
      ? sampleForRecord(gate, input, why, signal)
      : createPassedOverVerdict(name, why, edge);
  }
  const needed = requestedBySite.has(name) ? { mandatory: true } : needs(name, when, edge, settings);
  if (needed === null) return createPassedOverVerdict(name, describeUnneededGate(name, when, edge), edge);
  const verdict = await gate.sample(input, signal);
  return needed.mandatory ? verdict : softenVerdict(verdict);
}

/** Judges before a first install, or while it is half done; gates that need an installation are passed over. */
function judgeBeforeInstall(gate: Gate, input: GateInput, signal: AbortSignal): Promise<Verdict> | Verdict {
  const edge = createEdge(input.edge.to, input.edge.to);
  const isBegun = input.begun !== undefined && alwaysJudged.has(gate.name);
  if (isBegun || judgedBeforeInstall.has(gate.name)) return gate.sample({ ...input, edge }, signal);
  const why = `${edge.to} is installed from nothing; there is no installation before it that the gate ${gate.name} could judge.`;
  return { gate: gate.name, outcome: "pass", reasons: [createNotApplicableReason(why)], observed: null };
}

function describeUnneededGate(name: GateName, when: "before" | "after", { from, to, change }: Edge): string {
  return change === "none"
    ? `${to} is installed and nothing of what came before it is known; the gate ${name} has nothing to judge ${when} that.`
    : `The hop ${from} -> ${to} does not need the gate ${name} ${when} it.`;
}

/** Whether Palette's own release of the hop was begun, so that what runs may be of both versions. */
function isPaletteBegun({ edge }: GateInput, installed: Awaited<ReturnType<typeof readInstalled>>): boolean {
  return installed.state === "installed" && installed.hubble.newest.chartVersion === edge.to;
}

function describeReplaced(name: GateName, { from, to }: Edge): string {
  return `The hop ${from} -> ${to} has begun to roll ${to} out: what the gate ${name} judges of ${from} was proved before that and is gone, and the checks after the hop judge ${to}.`;
}

function createPassedOverVerdict(name: GateName, why: string, edge: Edge): Verdict {
  return { gate: name, outcome: "pass", reasons: [createNotApplicableReason(why)], observed: { live: edge.from } };
}

/**
 * Samples only for the record: a later catch-up compares with the agent versions, so they are read even where nothing
 * moves.
 */
async function sampleForRecord(gate: Gate, input: GateInput, why: string, signal: AbortSignal): Promise<Verdict> {
  const verdict = softenVerdict(await gate.sample(input, signal));
  return { ...verdict, reasons: [createNotApplicableReason(why), ...verdict.reasons] };
}

function createNotApplicableReason(message: string): Reason {
  return { code: "NOT_APPLICABLE", member: null, message };
}
