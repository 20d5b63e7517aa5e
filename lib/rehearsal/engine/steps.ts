import { messageOf } from "../../errors.js";
import type { Operation } from "../../upgrade/engine.js";
import type { Goal } from "./goal.js";
import type { HookArguments } from "./hooks.js";
import { knownOutputs, markOutputs } from "./marks.js";
import { PartialFailure } from "./providers/provider.js";
import { oldArguments, runHooks, withErrorHooks } from "./run-hooks.js";
import type { Run } from "./run.js";
import type { ResourceState } from "./state.js";
import { revealAll, unknownValue, type Properties } from "./values.js";

/** Ends a registration: the failure is reported already, and the deployment goes no further. */
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

/** Creates a resource; with `replaced`, as the successor of one that is deleted at the end of the run. */
export async function createResource(
  run: Run,
  goal: Goal,
  diffKeys: string[],
  replaced?: ResourceState,
): Promise<Registered> {
  const { registration, provider, inputs } = goal;
  const args = { ...hookArguments(goal, ""), newInputs: inputs };
  const end = beginStep(run, goal, replaced === undefined ? "create" : "replace", diffKeys);
  const put = (entry: ResourceState): void => {
    if (replaced === undefined) run.snapshot.put(entry, undefined);
    else run.snapshot.putReplacement(entry, replaced);
  };
  try {
    await runHooks(run, "beforeCreate", registration.hooks.beforeCreate, args);
    const applied = await keepPartial(run, goal, put, inputs, () => {
      if (provider === null) return Promise.resolve({ id: "", forProgram: {}, forState: {} });
      if (run.dryRun) return Promise.resolve(planned(goal, provider.plannedId?.(goal.context) ?? ""));
      return withErrorHooks(run, registration.hooks.onError, "create", args, async () => {
        const { id, outputs } = await provider.create(revealAll(inputs), goal.context);
        return { id, ...markOutputs(outputs, inputs, registration.additionalSecretOutputs, run.redactor) };
      });
    });
    put(makeEntry(run, goal, applied.id, inputs, applied.forState));
    await afterHooks(run, goal, "afterCreate", { ...args, id: applied.id, newOutputs: applied.forProgram });
    end("succeeded");
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
  const args = { ...hookArguments(goal, old.id), newInputs: inputs, ...oldArguments(run, old, inputs) };
  const end = beginStep(run, goal, "update", diffKeys);
  try {
    await runHooks(run, "beforeUpdate", registration.hooks.beforeUpdate, args);
    const keepOld = (entry: ResourceState): void => run.snapshot.put({ ...entry, inputs: old.inputs }, old);
    const applied = await keepPartial(run, goal, keepOld, inputs, () => {
      if (provider === null) return Promise.resolve({ id: "", forProgram: {}, forState: {} });
      if (run.dryRun) return Promise.resolve(planned(goal, old.id));
      return withErrorHooks(run, registration.hooks.onError, "update", args, async () => {
        const olds = { inputs: revealAll(args.oldInputs ?? {}), outputs: revealAll(args.oldOutputs ?? {}) };
        const { outputs } = await provider.update(old.id, olds, revealAll(inputs), goal.context);
        return { id: old.id, ...markOutputs(outputs, inputs, registration.additionalSecretOutputs, run.redactor) };
      });
    });
    run.snapshot.put(makeEntry(run, goal, applied.id, inputs, applied.forState), old);
    await afterHooks(run, goal, "afterUpdate", { ...args, newOutputs: applied.forProgram });
    end("succeeded");
    return { urn: goal.urn, id: applied.id, outputs: applied.forProgram };
  } catch (error) {
    return failStep(run, goal.urn, end, error);
  }
}

/** Nothing to do; options may still have changed. A secret output that no input holds is known only by digest: the program gets undefined. */
export function keepResource(run: Run, goal: Goal, old: ResourceState): Registered {
  const end = beginStep(run, goal, "same", []);
  run.snapshot.put({ ...makeEntry(run, goal, old.id, goal.inputs, {}), outputs: old.outputs }, old);
  end("succeeded");
  const outputs = goal.provider === null ? {} : run.sealer.open(old.outputs, goal.inputs, unknownValue);
  return { urn: goal.urn, id: old.id, outputs };
}

/** Takes over what exists under an id. In a preview too, it is really read. */
export async function importResource(run: Run, goal: Goal): Promise<ResourceState> {
  const { registration, provider } = goal;
  const end = beginStep(run, goal, "import", []);
  try {
    if (provider?.read === undefined)
      throw new Error(`provider does not support importing resources of type ${registration.type}`);
    const found = await provider.read(registration.importId, goal.context);
    if (found === null) throw new Error(`resource '${registration.importId}' does not exist`);
    run.redactor.learn(found.inputs);
    const { forState } = markOutputs(found.outputs, found.inputs, registration.additionalSecretOutputs, run.redactor);
    const entry = makeEntry(run, goal, registration.importId, found.inputs, forState);
    run.snapshot.put(entry, undefined);
    end("succeeded");
    return entry;
  } catch (error) {
    return failStep(run, goal.urn, end, error);
  }
}

export function failStep(run: Run, urn: string, end: (outcome: "failed") => void, error: unknown): never {
  end("failed");
  run.journal.diagnostic("error", urn, messageOf(error));
  throw new StepFailure(messageOf(error));
}

export function hookArguments({ urn, context }: Goal, id: string): HookArguments {
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

function planned(goal: Goal, id: string): Applied {
  const known = goal.provider?.plannedOutputs?.(goal.inputs) ?? {};
  const outputs = knownOutputs(known, goal.registration.additionalSecretOutputs);
  return { id, forProgram: outputs, forState: outputs };
}

/** An operation that failed half-way leaves its outputs and its errors in the state, so that the next run takes it up again. */
async function keepPartial(
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
      const { forState } = markOutputs(error.outputs, inputs, goal.registration.additionalSecretOutputs, run.redactor);
      put({ ...makeEntry(run, goal, error.id, inputs, forState), initErrors: [run.redactor.text(error.message)] });
    }
    throw error;
  }
}

/** A failed after-hook fails the deployment, but what was done is done: the step stands. Those of components wait for their outputs. */
async function afterHooks(
  run: Run,
  goal: Goal,
  kind: "afterCreate" | "afterUpdate",
  args: HookArguments,
): Promise<void> {
  if (goal.provider === null) return;
  try {
    await runHooks(run, kind, goal.registration.hooks[kind], args);
  } catch (error) {
    run.journal.diagnostic("error", goal.urn, messageOf(error));
  }
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
