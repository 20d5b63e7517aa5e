import { NotNowError } from "../errors.js";
import { processLives } from "../process-lock.js";
import { observeInstallation } from "../site/observe.js";
import { type HelmRevision } from "../site/types.js";
import { type Settings } from "../stack/settings-schema.js";
import { lockAdvice } from "./lock-advice.js";
import { orphanedProviders, ownProcesses } from "./orphans.js";
import { holderSaid } from "./pulumi-lock.js";
import { type StackAccess } from "./stack-access.js";
import { kubernetesOf, type Place } from "./stack-kubernetes.js";
import { type Refusal } from "./up-result.js";

interface Surroundings {
  environment: NodeJS.ProcessEnv;
  host: string;
}

/** @throws NotNowError `STACK_LOCKED` with what to do, where somebody holds the stack. Drives nothing, breaks nothing. */
export async function refuseIfHeld(stack: StackAccess, settings: Settings, around: Surroundings): Promise<void> {
  if ((await stack.lockHolder()) === null) return;
  const { message, next } = await lookAtLock(stack, settings, around);
  throw new NotNowError("STACK_LOCKED", message, next === null ? {} : { next });
}

/** Who holds the stack and what to do, from machine, backend and cluster; `found` where nobody can tell more. */
export async function lookAtLock(
  stack: StackAccess,
  settings: Settings,
  { environment, host }: Surroundings,
  found: Refusal | null = null,
): Promise<Refusal> {
  const holder = (await stack.lockHolder()) ?? holderSaid(found?.message ?? "");
  if (holder === null && found !== null && stack.engine.name === "embedded") return found;
  const isHere = holder !== null && holder.pid !== null && holder.host === host;
  return lockAdvice(holder, {
    stack: stack.name,
    host,
    lives: isHere ? processLives(holder.pid!) : null,
    pending: await pendingRevision(settings, { projectDir: stack.projectDir, environment }),
    orphans: orphanedProviders(ownProcesses()),
  });
}

async function pendingRevision(settings: Settings, place: Place): Promise<HelmRevision | null | "unseen"> {
  try {
    const { releaseNamespace, edition } = settings;
    const { releases } = await observeInstallation(kubernetesOf(settings, place), { releaseNamespace, edition });
    return releases.map(({ newest }) => newest).find(({ status }) => status.startsWith("pending-")) ?? null;
  } catch {
    return "unseen";
  }
}
