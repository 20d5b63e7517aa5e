import { createProviderContext, findProvider, parseProviderUrn, type DeclaredResources } from "./goal.js";
import { createOldHookArguments, runHooks, runWithErrorHooks } from "./run-hooks.js";
import type { Run } from "./run.js";
import type { ResourceState } from "./state.js";
import { failStep, runAfterHooks, StepFailure } from "./steps.js";
import { parseUrn } from "./values/urn.js";
import { revealAll } from "./values/values.js";

/**
 * Deletes resources that the program no longer declares and replaced ones, dependents first. A protected resource
 * stays, with all it depends on; the others are still deleted. Resolves to whether all were deleted.
 */
export async function deleteAbandoned(
  run: Run,
  declared: DeclaredResources,
  canStart: () => boolean,
): Promise<boolean> {
  let waiting = [...run.snapshot.remaining];
  let complete = true;
  while (waiting.length > 0 && canStart()) {
    const ready = waiting.filter(
      (resource) => !waiting.some((other) => other !== resource && hasDependencyOn(other, resource)),
    );
    const batch = ready.length > 0 ? ready : [waiting.at(-1)!];
    const results = await Promise.all(batch.map((resource) => deleteResource(run, declared, resource)));
    waiting = waiting.filter((resource) => !batch.includes(resource));
    const kept = batch.filter((_, index) => results[index] !== "deleted");
    complete &&= kept.length === 0;
    if (results.includes("failed")) return false;
    waiting = waiting.filter(
      (resource) => !kept.some((holder) => canReach(holder, resource, [...run.snapshot.remaining])),
    );
  }
  return complete;
}

async function deleteResource(
  run: Run,
  declared: DeclaredResources,
  resource: ResourceState,
): Promise<"deleted" | "protected" | "failed"> {
  const { urn, id, hooks } = resource;
  const { name } = parseUrn(urn);
  const args = { urn, id, name, type: resource.type, ...createOldHookArguments(run, resource) };
  const end = run.journal.begin({ urn, type: resource.type, name, operation: "delete", diffKeys: [] });
  try {
    await runHooks(run, "beforeDelete", hooks.beforeDelete, args);
    if (resource.protect && !resource.pendingDelete) {
      end("failed");
      run.journal.reportDiagnostic("error", urn, formatProtectedError(urn));
      return "protected";
    }
    if (!run.dryRun && resource.custom && !resource.retainOnDelete) {
      await runWithErrorHooks(run, hooks.onError, "delete", args, () => deleteWithProvider(run, declared, resource));
    }
    run.snapshot.remove(resource);
    await runAfterHooks(run, "afterDelete", hooks.afterDelete, end, args);
    return "deleted";
  } catch (error) {
    try {
      return failStep(run, urn, end, error);
    } catch (failure) {
      if (failure instanceof StepFailure) return "failed";
      throw failure;
    }
  }
}

async function deleteWithProvider(run: Run, declared: DeclaredResources, resource: ResourceState): Promise<void> {
  const provider = findProvider(run, resource.type);
  const opened = {
    inputs: revealAll(run.sealer.open(resource.inputs, {})),
    outputs: revealAll(run.sealer.open(resource.outputs, {})),
  };
  const urn = parseProviderUrn(resource.provider);
  const former = run.snapshot.remaining.find((entry) => entry.urn === urn);
  const configuration =
    declared.providerInputs.get(urn) ?? (former === undefined ? {} : revealAll(run.sealer.open(former.inputs, {})));
  await provider.delete(resource.id, opened, createProviderContext(run, resource.urn, configuration));
}

function hasDependencyOn(dependent: ResourceState, resource: ResourceState): boolean {
  if (dependent.urn === resource.urn) return dependent.pendingDelete && !resource.pendingDelete;
  return (
    dependent.parent === resource.urn ||
    dependent.dependencies.includes(resource.urn) ||
    parseProviderUrn(dependent.provider) === resource.urn
  );
}

function canReach(from: ResourceState, to: ResourceState, all: readonly ResourceState[]): boolean {
  return (
    hasDependencyOn(from, to) ||
    all.some((between) => between !== from && hasDependencyOn(from, between) && canReach(between, to, all))
  );
}

function formatProtectedError(urn: string): string {
  return (
    `resource "${urn}" cannot be deleted because it is protected. To unprotect it, remove the \`protect\` option from the program ` +
    `in one update, and the resource itself in the next.`
  );
}
