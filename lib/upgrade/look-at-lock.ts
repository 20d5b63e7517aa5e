import { NotNowError } from "../errors.js";
import { isProcessAlive } from "../process-lock.js";
import { observeInstallation } from "../site/observe.js";
import { type HelmRevision } from "../site/types.js";
import { type Settings } from "../stack/settings-schema.js";
import { createLockRefusal } from "./lock-advice.js";
import { findOrphanedProviders, listOwnProcesses } from "./orphans.js";
import { parseHolder } from "./pulumi-lock.js";
import { type StackAccess } from "./stack-access.js";
import { connectStackKubernetes, type ClusterLocation } from "./stack-kubernetes.js";
import { type Refusal } from "./up-result.js";

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
    pending: await findPendingRevision(settings, { projectDir: stack.projectDir, environment }),
    orphans: findOrphanedProviders(listOwnProcesses()),
  });
}

async function findPendingRevision(
  settings: Settings,
  location: ClusterLocation,
): Promise<HelmRevision | null | "unseen"> {
  try {
    const { releaseNamespace, edition } = settings;
    const { releases } = await observeInstallation(connectStackKubernetes(settings, location), {
      releaseNamespace,
      edition,
    });
    return releases.map(({ newest }) => newest).find(({ status }) => status.startsWith("pending-")) ?? null;
  } catch {
    return "unseen";
  }
}
