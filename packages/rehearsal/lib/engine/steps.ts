import { getErrorMessage } from "../../../../lib/base/errors/errors.js";
import type { Operation } from "../../../../lib/engine/engine.js";
import type { Goal } from "./goal.js";
import type { HookArguments } from "./hooks.js";
import { selectKnownOutputs, applySecretMarks } from "./values/marks.js";
import { PartialFailure } from "./providers/provider.js";
import { createOldHookArguments, runHooks, runWithErrorHooks } from "./run-hooks.js";
import type { Run } from "./run.js";
import type { ResourceState } from "./state.js";
import { revealAll, unknownValue, type Properties } from "./values/values.js";

/** Ends a registration whose failure is already reported; the deployment stops. */
export class StepFailure extends Error {}

/** What the program gets back for a resource. */
export interface Registered {
  urn: string;
  /** Empty in a preview of what does not exist yet. */
  id: string;
  outputs: Properties;
}

interface Applied {
  id: string;
  forProgram: Properties;
  forState: Properties;
}

/** Creates a resource; with `replaced`, as the replacement of one that is deleted at the end of the run. */
export async function createResource(
  run: Run,
  goal: Goal,
  diffKeys: string[],
  replaced?: ResourceState,
): Promise<Registered> {
  const { registration, provider, inputs } = goal;
  const args = { ...createHookArguments(goal, ""), newInputs: inputs };
  const end = beginStep(run, goal, replaced === undefined ? "create" : "replace", diffKeys);
  const put = (entry: ResourceState): void => {
    if (replaced === undefined) run.snapshot.put(entry, undefined);
    else run.snapshot.putReplacement(entry, replaced);
  };
  try {
    await runHooks(run, "beforeCreate", registration.hooks.beforeCreate, args);
    const applied = await keepPartialResult(run, goal, put, inputs, () => {
      if (provider === null) return Promise.resolve({ id: "", forProgram: {}, forState: {} });
      if (run.dryRun) return Promise.resolve(createPlannedResult(goal, provider.planId?.(goal.context) ?? ""));
      return runWithErrorHooks(run, registration.hooks.onError, "create", args, async () => {
        const { id, outputs } = await provider.create(revealAll(inputs), goal.context);
        return { id, ...applySecretMarks(outputs, inputs, registration.additionalSecretOutputs, run.redactor) };
      });
    });
    put(makeEntry(run, goal, applied.id, inputs, applied.forState));
    await runAfterHooks(run, "afterCreate", listAfterHooks(goal, "afterCreate"), end, {
      ...args,
      id: applied.id,
      newOutputs: applied.forProgram,
    });
    return { urn: goal.urn, id: applied.id, outputs: applied.forProgram };
  } catch (error) {
    return failStep(run, goal.urn, end, error);
  }
}

export async function updateResource(
  run: Run,
  goal: Goal,
  old: ResourceState,
  diffKeys: string[],
): Promise<Registered> {
  const { registration, provider, inputs } = goal;
  const args = { ...createHookArguments(goal, old.id), newInputs: inputs, ...createOldHookArguments(run, old, inputs) };
  const end = beginStep(run, goal, "update", diffKeys);
  try {
    await runHooks(run, "beforeUpdate", registration.hooks.beforeUpdate, args);
    const keepOld = (entry: ResourceState): void => run.snapshot.put({ ...entry, inputs: old.inputs }, old);
    const applied = await keepPartialResult(run, goal, keepOld, inputs, () => {
      if (provider === null) return Promise.resolve({ id: "", forProgram: {}, forState: {} });
      if (run.dryRun) return Promise.resolve(createPlannedResult(goal, old.id));
      return runWithErrorHooks(run, registration.hooks.onError, "update", args, async () => {
        const olds = { inputs: revealAll(args.oldInputs ?? {}), outputs: revealAll(args.oldOutputs ?? {}) };
        const { outputs } = await provider.update(old.id, olds, revealAll(inputs), goal.context);
        return { id: old.id, ...applySecretMarks(outputs, inputs, registration.additionalSecretOutputs, run.redactor) };
      });
    });
    run.snapshot.put(makeEntry(run, goal, applied.id, inputs, applied.forState), old);
    await runAfterHooks(run, "afterUpdate", listAfterHooks(goal, "afterUpdate"), end, {
      ...args,
      newOutputs: applied.forProgram,
    });
    return { urn: goal.urn, id: applied.id, outputs: applied.forProgram };
  } catch (error) {
    return failStep(run, goal.urn, end, error);
  }
}

/**
 * Keeps a resource without changes, but stores changed options. The program gets undefined for a secret output that no
 * input holds, as only its digest is known.
 */
export function keepResource(run: Run, goal: Goal, old: ResourceState): Registered {
  const end = beginStep(run, goal, "same", []);
  run.snapshot.put({ ...makeEntry(run, goal, old.id, goal.inputs, {}), outputs: old.outputs }, old);
  end("succeeded");
  const outputs = goal.provider === null ? {} : run.sealer.open(old.outputs, goal.inputs, unknownValue);
  return { urn: goal.urn, id: old.id, outputs };
}

/** Imports the existing resource with an id; reads it in a preview too. */
export async function importResource(run: Run, goal: Goal): Promise<ResourceState> {
  const { registration, provider } = goal;
  const end = beginStep(run, goal, "import", []);
  try {
    if (provider?.read === undefined)
      throw new Error(`provider does not support importing resources of type ${registration.type}`);
    const found = await provider.read(registration.importId, goal.context);
    if (found === null) throw new Error(`resource '${registration.importId}' does not exist`);
    run.redactor.learn(found.inputs);
    const { forState } = applySecretMarks(
      found.outputs,
      found.inputs,
      registration.additionalSecretOutputs,
      run.redactor,
    );
    const entry = makeEntry(run, goal, registration.importId, found.inputs, forState);
    run.snapshot.put(entry, undefined);
    end("succeeded");
    return entry;
  } catch (error) {
    return failStep(run, goal.urn, end, error);
  }
}

export function failStep(run: Run, urn: string, end: (outcome: "failed") => void, error: unknown): never {
  if (error instanceof StepFailure) throw error;
  end("failed");
  run.journal.reportDiagnostic("error", urn, getErrorMessage(error));
  throw new StepFailure(getErrorMessage(error));
}

export function createHookArguments({ urn, context }: Goal, id: string): HookArguments {
  return { urn, id, name: context.name, type: context.type };
}

function beginStep(
  run: Run,
  { urn, context }: Goal,
  operation: Operation,
  diffKeys: string[],
): (outcome: "succeeded" | "failed") => void {
  return run.journal.begin({ urn, type: context.type, name: context.name, operation, diffKeys });
}

function createPlannedResult(goal: Goal, id: string): Applied {
  const known = goal.provider?.planOutputs?.(goal.inputs) ?? {};
  const outputs = selectKnownOutputs(known, goal.registration.additionalSecretOutputs);
  return { id, forProgram: outputs, forState: outputs };
}

/**
 * Runs an operation; on a partial failure it stores outputs and errors in the state, so that the next run continues it.
 */
async function keepPartialResult(
  run: Run,
  goal: Goal,
  put: (entry: ResourceState) => void,
  inputs: Properties,
  operation: () => Promise<Applied>,
): Promise<Applied> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof PartialFailure) {
      const { forState } = applySecretMarks(
        error.outputs,
        inputs,
        goal.registration.additionalSecretOutputs,
        run.redactor,
      );
      put({ ...makeEntry(run, goal, error.id, inputs, forState), initErrors: [run.redactor.redact(error.message)] });
    }
    throw error;
  }
}

/** Those of components wait for their outputs. */
function listAfterHooks({ provider, registration }: Goal, kind: "afterCreate" | "afterUpdate"): string[] | undefined {
  return provider === null ? [] : registration.hooks[kind];
}

/**
 * Runs after-hooks and ends the step, which counts as done whatever they do. A failed one fails the deployment, and the
 * program does not get the resource. @throws StepFailure, once the failure is reported.
 */
export async function runAfterHooks(
  run: Run,
  kind: "afterCreate" | "afterUpdate" | "afterDelete",
  hooks: readonly string[] | undefined,
  end: (outcome: "succeeded") => void,
  args: HookArguments,
): Promise<void> {
  const failure = await runHooks(run, kind, hooks, args).then(() => null, getErrorMessage);
  end("succeeded");
  if (failure === null) return;
  run.journal.reportDiagnostic("error", args.urn, failure);
  throw new StepFailure(failure);
}

function makeEntry(run: Run, goal: Goal, id: string, inputs: Properties, outputs: Properties): ResourceState {
  const { registration } = goal;
  return {
    urn: goal.urn,
    type: registration.type,
    custom: registration.custom,
    id,
    parent: registration.parent,
    provider: goal.providerRef,
    inputs: run.sealer.seal(inputs),
    outputs: run.sealer.seal(outputs),
    dependencies: registration.dependencies,
    protect: goal.protect,
    retainOnDelete: goal.retainOnDelete,
    importId: registration.importId,
    initErrors: [],
    pendingDelete: false,
    hooks: registration.hooks,
  };
}
