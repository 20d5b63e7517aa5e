import { getErrorMessage } from "../../../../lib/base/errors/errors.js";
import { checkInputs, decide } from "./decide.js";
import { deleteAbandoned } from "./deletes.js";
import {
  createDeclaredResources,
  recordProviderInputs,
  resolveGoal,
  type DeclaredResources,
  type Goal,
} from "./goal.js";
import { redactDeclaredOutputs } from "./values/marks.js";
import type { Registration } from "./registration.js";
import { createOldHookArguments, runHooks } from "./run-hooks.js";
import type { Run } from "./run.js";
import type { ResourceState } from "./state.js";
import {
  createResource,
  createHookArguments,
  importResource,
  keepResource,
  StepFailure,
  updateResource,
  type Registered,
} from "./steps.js";
import { makeUrn, parseUrn, stackType } from "./values/urn.js";
import type { Properties } from "./values/values.js";

/** Executes the program's calls, from its first resource to the deletion of what it no longer declares. */
export interface Deployment {
  /** Never settles when the deployment ends before this resource is done: race it with `stopped`. */
  register(registration: Registration): Promise<Registered>;
  /** Never settles in the same case as `register`. */
  registerOutputs(urn: string, outputs: Properties): Promise<void>;
  /** Called when the program has declared everything: deletes what is left over. */
  finish(): Promise<void>;
  /** Starts no further operation; running ones may still finish. */
  stop(): void;
  /** Resolves when the deployment ended early, by `stop` or a failure, and no operation runs any more. */
  readonly stopped: Promise<void>;
  /** Saves the stack's outputs. Call once, at the very end. */
  saveStackOutputs(succeeded: boolean): void;
}

/** A component between its registration and its outputs. */
interface OpenComponent {
  goal: Goal;
  old: ResourceState | undefined;
  operation: "create" | "update" | "same" | "replace";
}

export function createDeployment(run: Run): Deployment {
  const declared = createDeclaredResources();
  const components = new Map<string, OpenComponent>();
  const guard = createOperationGuard(run);
  let stackOutputs: Properties | null = null;
  return {
    stopped: guard.stopped,
    stop: () => guard.stop(),
    register: (registration) => {
      const urn = makeUrn(run.stack, run.project, registration.parent, registration.type, registration.name);
      return guard.runOperation(urn, () => registerResource(run, declared, components, registration));
    },
    registerOutputs: (urn, outputs) => {
      if (parseUrn(urn).qualifiedType !== stackType)
        return guard.runOperation(urn, () => registerOutputs(run, components, urn, outputs));
      stackOutputs = outputs;
      return Promise.resolve();
    },
    finish: () =>
      guard.runOperation(null, async () => {
        await deleteAbandoned(run, declared, () => !guard.isStopping());
      }),
    saveStackOutputs: (succeeded) => {
      if (stackOutputs !== null) mergeStackOutputs(run, stackOutputs, succeeded);
    },
  };
}

interface OperationGuard {
  /** Runs an operation unless the deployment is ending; reports what it throws and ends the deployment then. */
  runOperation<T>(urn: string | null, operation: () => Promise<T>): Promise<T>;
  stop(): void;
  isStopping(): boolean;
  stopped: Promise<void>;
}

const never = new Promise<never>(() => undefined);

function createOperationGuard(run: Run): OperationGuard {
  let stopping = false;
  let running = 0;
  let resolveStopped: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (resolveStopped = resolve));
  const stop = (): void => {
    stopping = true;
    if (running === 0) resolveStopped();
  };
  const endOperation = (): void => {
    running -= 1;
    if (stopping || run.journal.hasFailed()) stop();
  };
  const runOperation = async <T>(urn: string | null, operation: () => Promise<T>): Promise<T> => {
    if (stopping) return never;
    running += 1;
    try {
      const result = await operation();
      endOperation();
      return result;
    } catch (error) {
      if (!(error instanceof StepFailure)) run.journal.reportDiagnostic("error", urn, getErrorMessage(error));
      endOperation();
      return never;
    }
  };
  return { runOperation, stop, isStopping: () => stopping, stopped };
}

async function registerResource(
  run: Run,
  declared: DeclaredResources,
  components: Map<string, OpenComponent>,
  registration: Registration,
): Promise<Registered> {
  const goal = resolveGoal(run, declared, registration);
  const isImporting = needsImport(goal);
  const old = isImporting ? await importResource(run, goal) : goal.old;
  const { inputs: declaredInputs } = goal;
  goal.inputs = await checkInputs(run, goal, old);
  const decision = decide(run, { ...goal, old }, old);
  recordProviderInputs(declared, goal);
  if (goal.provider === null) components.set(goal.urn, { goal, old, operation: decision.operation });
  if (old === undefined || decision.operation === "create") return createResource(run, goal, []);
  if (decision.operation === "update") return updateResource(run, goal, old, decision.diffKeys);
  if (decision.operation === "replace") {
    // As by Pulumi's engine, ignoreChanges keeps nothing of a resource in the one that takes its place.
    if (goal.provider !== null) goal.inputs = await checkInputs(run, { ...goal, inputs: declaredInputs }, undefined);
    return createResource(run, goal, decision.diffKeys, old);
  }
  return isImporting
    ? { urn: goal.urn, id: old.id, outputs: run.sealer.open(old.outputs, goal.inputs) }
    : keepResource(run, goal, old);
}

function needsImport({ registration, old }: Goal): boolean {
  const known = old === undefined ? "" : old.importId === "" ? old.id : old.importId;
  return registration.custom && registration.importId !== "" && known !== registration.importId;
}

/** Stores the outputs of a component, which completes it, and runs its after-hooks. */
async function registerOutputs(
  run: Run,
  components: Map<string, OpenComponent>,
  urn: string,
  outputs: Properties,
): Promise<void> {
  const component = components.get(urn);
  const current = run.snapshot.getCurrent(urn);
  if (component === undefined || current === undefined)
    throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
  components.delete(urn);
  run.redactor.learn(outputs);
  run.snapshot.put({ ...current, outputs: run.sealer.seal(redactDeclaredOutputs(outputs, run.redactor)) }, undefined);
  const { goal, old, operation } = component;
  if (operation === "same") return;
  const kind = operation === "update" ? "afterUpdate" : "afterCreate";
  const olds = operation === "update" && old !== undefined ? createOldHookArguments(run, old, goal.inputs) : {};
  const args = { ...createHookArguments(goal, ""), newInputs: goal.inputs, newOutputs: outputs, ...olds };
  await runHooks(run, kind, goal.registration.hooks[kind], args);
}

/**
 * Saves the stack's outputs. Those of a failed run are merged over the old ones, as missing outputs may just not have
 * been reached.
 */
function mergeStackOutputs(run: Run, outputs: Properties, succeeded: boolean): void {
  const stack = [...run.snapshot.getState().resources].find((entry) => entry.type === stackType);
  if (stack === undefined) return;
  run.redactor.learn(outputs);
  const sealed = run.sealer.seal(redactDeclaredOutputs(outputs, run.redactor));
  run.snapshot.put({ ...stack, outputs: succeeded ? sealed : { ...stack.outputs, ...sealed } }, undefined);
}
