import { type HelmRevision } from "../site/types.js";
import { type LockHolder } from "./stack-access.js";
import { type Refusal } from "./up-result.js";

/** What is known of the machine and the site when a stack is found locked. */
export interface LockSurroundings {
  stack: string;
  host: string;
  /** Whether the holder's process is alive; null where it runs on another machine or has no process id. */
  isAlive: boolean | null;
  /** Helm's newest revision where it is pending; null where none is, `unseen` where the cluster could not be read. */
  pending: HelmRevision | null | "unseen";
  /** Ids of provider processes of this user whose engine is gone: Helm may still run in them. */
  orphans: number[];
}

/**
 * Creates the refusal that says who holds the lock and what to do, in order: first what still moves, the lock last.
 * This tool never removes the lock. Pure.
 */
export function createLockRefusal(holder: LockHolder | null, surroundings: LockSurroundings): Refusal {
  const who =
    holder === null
      ? "another update"
      : `${holder.user}@${holder.host}${holder.pid === null ? "" : ` (process ${holder.pid})`} since ${holder.since}`;
  const state = { true: "that process is alive", false: "that process is gone: the run was killed and left its lock" }[
    String(surroundings.isAlive)
  ];
  const message = `Stack ${surroundings.stack} is locked by ${who}${state === undefined ? "" : `; ${state}`}.`;
  return { code: "STACK_LOCKED", message, next: describeNextSteps(holder, surroundings) };
}

function describeNextSteps(holder: LockHolder | null, surroundings: LockSurroundings): string {
  if (surroundings.isAlive === true) return "Wait until that run has ended, then run the same command again.";
  const moving = [...describePending(surroundings.pending), ...describeOrphans(surroundings.orphans)];
  const cancel = `pulumi cancel --stack ${surroundings.stack}`;
  if (surroundings.isAlive === false) {
    const steps = [
      ...moving,
      `${moving.length === 0 ? "Nothing" : "When nothing"} moves any more: take the lock away with "${cancel}", then run the same command again; it goes on from what is observed.`,
    ];
    return steps.join("\n");
  }
  const where =
    holder === null
      ? "Find out who runs it"
      : `Look on ${holder.host} whether that run still lives; if so, wait for it`;
  return [
    `${where}.`,
    ...moving,
    `Only where it is gone and nothing moves: "${cancel}", then run the same command again.`,
  ].join("\n");
}

function describePending(pending: LockSurroundings["pending"]): string[] {
  if (pending === "unseen")
    return [
      "The cluster could not be asked whether a Helm release is pending: look first (helm list --pending --all-namespaces).",
    ];
  if (pending === null) return [];
  const { name, namespace, revision, status, chartVersion, lastDeployed } = pending;
  return [
    `First the pending revision: release "${name}" in namespace "${namespace}", revision ${revision} (${status}) for ${chartVersion}, begun ${lastDeployed}. Helm may still be at work: wait until it is deployed or failed.`,
  ];
}

function describeOrphans(orphans: number[]): string[] {
  if (orphans.length === 0) return [];
  const list = orphans.join(", ");
  return [
    `The killed run's provider still runs here (process ${list}), and perhaps Helm in it: wait until it has ended by itself, as Helm does when palette:releaseTimeoutSeconds are over.`,
  ];
}
