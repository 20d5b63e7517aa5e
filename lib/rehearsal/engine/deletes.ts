import { contextOf, providerFor, providerUrn, type Declared } from "./goal.js";
import { oldArguments, runHooks, withErrorHooks } from "./run-hooks.js";
import type { Run } from "./run.js";
import type { ResourceState } from "./state.js";
import { failStep, StepFailure } from "./steps.js";
import { parseUrn } from "./urn.js";
import { revealAll } from "./values.js";
import { messageOf } from "../../errors.js";

/**
 * Deletes what the program no longer declares and what was replaced, dependents first. A protected resource refuses, and with it
 * all it depends on; the others still go. Resolves to whether all went.
 */
export async function deleteAbandoned(run: Run, declared: Declared, mayBegin: () => boolean): Promise<boolean> {
  let waiting = [...run.snapshot.olds];
  let complete = true;
  while (waiting.length > 0 && mayBegin()) {
    const ready = waiting.filter(
      (resource) => !waiting.some((other) => other !== resource && dependsOn(other, resource)),
    );
    const batch = ready.length > 0 ? ready : [waiting.at(-1)!];
    const results = await Promise.all(batch.map((resource) => deleteOne(run, declared, resource)));
    waiting = waiting.filter((resource) => !batch.includes(resource));
    const kept = batch.filter((_, index) => results[index] !== "deleted");
    complete &&= kept.length === 0;
    if (results.includes("failed")) return false;
    waiting = waiting.filter((resource) => !kept.some((holder) => reaches(holder, resource, [...run.snapshot.olds])));
  }
  return complete;
}

async function deleteOne(
  run: Run,
  declared: Declared,
  resource: ResourceState,
): Promise<"deleted" | "protected" | "failed"> {
  const { urn, id, hooks } = resource;
  const { name } = parseUrn(urn);
  const args = { urn, id, name, type: resource.type, ...oldArguments(run, resource) };
  const end = run.journal.begin({ urn, type: resource.type, name, operation: "delete", diffKeys: [] });
  try {
    await runHooks(run, "beforeDelete", hooks.beforeDelete, args);
    if (resource.protect && !resource.pendingDelete) {
      end("failed");
      run.journal.diagnostic("error", urn, protectedText(urn));
      return "protected";
    }
    if (!run.dryRun && resource.custom && !resource.retainOnDelete) {
      await withErrorHooks(run, hooks.onError, "delete", args, () => providerDelete(run, declared, resource));
    }
    run.snapshot.remove(resource);
    await runHooks(run, "afterDelete", hooks.afterDelete, args).catch((error: unknown) => {
      run.journal.diagnostic("error", urn, messageOf(error));
    });
    end("succeeded");
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

async function providerDelete(run: Run, declared: Declared, resource: ResourceState): Promise<void> {
  const provider = providerFor(run, resource.type);
  const opened = {
    inputs: revealAll(run.sealer.open(resource.inputs, {})),
    outputs: revealAll(run.sealer.open(resource.outputs, {})),
  };
  const urn = providerUrn(resource.provider);
  const former = run.snapshot.olds.find((entry) => entry.urn === urn);
  const configuration =
    declared.providerInputs.get(urn) ?? (former === undefined ? {} : revealAll(run.sealer.open(former.inputs, {})));
  await provider.delete(resource.id, opened, contextOf(run, resource.urn, configuration));
}

function dependsOn(dependent: ResourceState, resource: ResourceState): boolean {
  if (dependent.urn === resource.urn) return dependent.pendingDelete && !resource.pendingDelete;
  return (
    dependent.parent === resource.urn ||
    dependent.dependencies.includes(resource.urn) ||
    providerUrn(dependent.provider) === resource.urn
  );
}

function reaches(from: ResourceState, to: ResourceState, all: readonly ResourceState[]): boolean {
  return (
    dependsOn(from, to) ||
    all.some((between) => between !== from && dependsOn(from, between) && reaches(between, to, all))
  );
}

function protectedText(urn: string): string {
  return (
    `resource "${urn}" cannot be deleted because it is protected. To unprotect it, remove the \`protect\` option from the program ` +
    `in one update, and the resource itself in the next.`
  );
}
