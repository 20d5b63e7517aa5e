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
  const kept: ResourceState[] = [];
  for (const level of listDeletionLevels(run.snapshot.remaining)) {
    if (!canStart()) break;
    const all = run.snapshot.remaining;
    const batch = level.filter((resource) => !kept.some((holder) => canReach(holder, resource, all)));
    const results = await Promise.all(batch.map((resource) => deleteResource(run, declared, resource)));
    if (results.includes("failed")) return false;
    kept.push(...batch.filter((_, index) => results[index] !== "deleted"));
  }
  return kept.length === 0;
}

/**
 * Sorts resources into levels that are deleted one after the other, dependents first. As by Pulumi's engine, the last level
 * holds those that depend on none of the others, whether others depend on them or not.
 */
function listDeletionLevels(resources: readonly ResourceState[]): ResourceState[][] {
  const levels: ResourceState[][] = [];
  let left = resources;
  while (left.length > 0) {
    const free = left.filter(
      (resource) => !left.some((other) => other !== resource && hasDependencyOn(resource, other)),
    );
    const level = free.length > 0 ? free : [left[0]!];
    levels.unshift(level);
    left = left.filter((resource) => !level.includes(resource));
  }
  return levels;
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
