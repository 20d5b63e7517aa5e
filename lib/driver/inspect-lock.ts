import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { type Refusal } from "../base/errors/refusal.js";
import { NotNowError } from "../base/errors/errors.js";
import { isProcessAlive } from "../base/process/process-identity.js";
import { connectKubernetes } from "../site/kubernetes/client.js";
import { findPendingRevision, selectProductReleases } from "../site/helm/releases.js";
import { type HelmRevision, type KubernetesSite } from "../site/types.js";
import { type Settings } from "../settings/schema.js";
import { parseHolder } from "../engine/pulumi-lock.js";
import { type LockHolder, type StackAccess } from "../engine/stack-access.js";

interface Surroundings {
  environment: NodeJS.ProcessEnv;
  host: string;
}

/** @throws NotNowError `STACK_LOCKED` with what to do, where somebody holds the lock of the stack. Changes nothing. */
export async function refuseIfLocked(
  stack: StackAccess,
  settings: Settings,
  surroundings: Surroundings,
): Promise<void> {
  if ((await stack.lockHolder()) === null) return;
  const { message, next } = await inspectLock(stack, settings, surroundings);
  throw new NotNowError("STACK_LOCKED", message, next === null ? {} : { next });
}

/**
 * Finds who holds the lock and what to do, from machine, backend and cluster; returns `found` if nothing more is known.
 */
export async function inspectLock(
  stack: StackAccess,
  settings: Settings,
  { environment, host }: Surroundings,
  found: Refusal | null = null,
): Promise<Refusal> {
  const holder = (await stack.lockHolder()) ?? parseHolder(found?.message ?? "");
  if (holder === null && found !== null && stack.engine.name === "embedded") return found;
  const isHere = holder !== null && holder.pid !== null && holder.host === host;
  return createLockRefusal(holder, {
    stack: stack.name,
    host,
    isAlive: isHere ? isProcessAlive(holder.pid!) : null,
    pending: await readPendingRevision(settings, { projectDir: stack.projectDir, environment }),
    orphans: findOrphanedProviders(listOwnProcesses()),
  });
}

async function readPendingRevision(
  settings: Settings,
  location: ClusterLocation,
): Promise<HelmRevision | null | "unseen"> {
  try {
    const revisions = await connectStackKubernetes(settings.kubernetes, location).helmRevisions();
    return findPendingRevision(selectProductReleases(revisions));
  } catch {
    return "unseen";
  }
}

const provider = /pulumi-resource-kubernetes(\s|$)/;

const engine = /(^|\/)pulumi(\s|$)/;

/**
 * Finds provider processes of this user that outlived their engine; Helm may still run in them. Pure: takes the output
 * of `ps`, one process a line: id, parent id, command.
 */
export function findOrphanedProviders(lines: readonly string[]): number[] {
  const processes = lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S.*)$/.exec(line);
    return match === null ? [] : [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3]! }];
  });
  const engines = new Set(processes.filter(({ command }) => engine.test(command)).map(({ pid }) => pid));
  return processes
    .filter(({ command, parent }) => provider.test(command) && !engines.has(parent))
    .map(({ pid }) => pid);
}

/** Lists this user's processes as `ps` prints them; empty where there is no `ps`. */
function listOwnProcesses(): string[] {
  const user = process.getuid?.();
  if (user === undefined) return [];
  const { stdout } = spawnSync("ps", ["-U", String(user), "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  return (stdout ?? "").split("\n").filter((line) => line !== "");
}

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
    `The killed run's provider still runs here (process ${list}), and perhaps Helm in it: wait until it has ended by itself, as Helm does when palette:helm.timeout are over.`,
  ];
}

export interface ClusterLocation {
  /** Base of a relative kubeconfig path, as for the program. */
  projectDir: string;
  environment: NodeJS.ProcessEnv;
}

/**
 * Connects to the cluster of a stack from outside of its program.
 *
 * @throws InvalidInputError for an unusable kubeconfig.
 */
export function connectStackKubernetes(
  { kubeconfig, context }: Settings["kubernetes"],
  { projectDir, environment }: ClusterLocation,
): KubernetesSite {
  return connectKubernetes({
    kubeconfig: kubeconfig === null ? null : resolve(projectDir, kubeconfig),
    context,
    environment,
  });
}
