import { messageOf } from "../../errors.js";
import { checkedInputs, decide } from "./decide.js";
import { deleteAbandoned } from "./deletes.js";
import { createDeclared, rememberProvider, resolveGoal, type Declared, type Goal } from "./goal.js";
import { declaredOutputs } from "./marks.js";
import type { Registration } from "./registration.js";
import { oldArguments, runHooks } from "./run-hooks.js";
import type { Run } from "./run.js";
import type { ResourceState } from "./state.js";
import {
  createResource,
  hookArguments,
  importResource,
  keepResource,
  StepFailure,
  updateResource,
  type Registered,
} from "./steps.js";
import { makeUrn, parseUrn, stackType } from "./urn.js";
import type { Properties } from "./values.js";

/** What the program's calls lead to, from its first resource to the deletion of what it no longer declares. */
export interface Deployment {
  /** Never settles when the deployment ends before this resource is done: race it with `stopped`. */
  register(registration: Registration): Promise<Registered>;
  /** As `register`. */
  registerOutputs(urn: string, outputs: Properties): Promise<void>;
  /** The program has declared all: deletes what is left over. */
  finish(): Promise<void>;
  /** Begins nothing more; what runs may still end. */
  stop(): void;
  /** Resolves when it was ended early, by `stop` or a failure, and nothing runs any more. */
  readonly stopped: Promise<void>;
  /** Writes down the stack's outputs. Call once, at the very end. */
  settleOutputs(succeeded: boolean): void;
}

/** A component between its registration and its outputs. */
interface OpenComponent {
  goal: Goal;
  old: ResourceState | undefined;
  operation: "create" | "update" | "same" | "replace";
}

export function createDeployment(run: Run): Deployment {
  const declared = createDeclared();
  const components = new Map<string, OpenComponent>();
  const gate = createGate(run);
  let stackOutputs: Properties | null = null;
  return {
    stopped: gate.stopped,
    stop: () => gate.stop(),
    register: (registration) => {
      const urn = makeUrn(run.stack, run.project, registration.parent, registration.type, registration.name);
      return gate.pass(urn, () => registerResource(run, declared, components, registration));
    },
    registerOutputs: (urn, outputs) => {
      if (parseUrn(urn).qualifiedType !== stackType)
        return gate.pass(urn, () => registerOutputs(run, components, urn, outputs));
      stackOutputs = outputs;
      return Promise.resolve();
    },
    finish: () =>
      gate.pass(null, async () => {
        await deleteAbandoned(run, declared, () => !gate.stopping());
      }),
    settleOutputs: (succeeded) => {
      if (stackOutputs !== null) settleStack(run, stackOutputs, succeeded);
    },
  };
}

interface Gate {
  /** Runs an operation unless the deployment is ending; reports what it throws and ends the deployment then. */
  pass<T>(urn: string | null, operation: () => Promise<T>): Promise<T>;
  stop(): void;
  stopping(): boolean;
  stopped: Promise<void>;
}

const never = new Promise<never>(() => undefined);

function createGate(run: Run): Gate {
  let stopping = false;
  let running = 0;
  let resolveStopped: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (resolveStopped = resolve));
  const stop = (): void => {
    stopping = true;
    if (running === 0) resolveStopped();
  };
  const leave = (): void => {
    running -= 1;
    if (stopping || run.journal.failed()) stop();
  };
  const pass = async <T>(urn: string | null, operation: () => Promise<T>): Promise<T> => {
    if (stopping) return never;
    running += 1;
    try {
      const result = await operation();
      leave();
      return result;
    } catch (error) {
      if (!(error instanceof StepFailure)) run.journal.diagnostic("error", urn, messageOf(error));
      leave();
      return never;
    }
  };
  return { pass, stop, stopping: () => stopping, stopped };
}

async function registerResource(
  run: Run,
  declared: Declared,
  components: Map<string, OpenComponent>,
  registration: Registration,
): Promise<Registered> {
  const goal = resolveGoal(run, declared, registration);
  const imports = isImport(goal);
  const old = imports ? await importResource(run, goal) : goal.old;
  goal.inputs = await checkedInputs(run, goal, old);
  const decision = decide(run, { ...goal, old }, old);
  rememberProvider(declared, goal);
  if (goal.provider === null) components.set(goal.urn, { goal, old, operation: decision.operation });
  if (old === undefined || decision.operation === "create") return createResource(run, goal, []);
  if (decision.operation === "update") return updateResource(run, goal, old, decision.diffKeys);
  if (decision.operation === "replace") return createResource(run, goal, decision.diffKeys, old);
  return imports
    ? { urn: goal.urn, id: old.id, outputs: run.sealer.open(old.outputs, goal.inputs) }
    : keepResource(run, goal, old);
}

function isImport({ registration, old }: Goal): boolean {
  const known = old === undefined ? "" : old.importId === "" ? old.id : old.importId;
  return registration.custom && registration.importId !== "" && known !== registration.importId;
}

/** A component is done with its outputs: only then do its after-hooks run. */
async function registerOutputs(
  run: Run,
  components: Map<string, OpenComponent>,
  urn: string,
  outputs: Properties,
): Promise<void> {
  const component = components.get(urn);
  const current = run.snapshot.current(urn);
  if (component === undefined || current === undefined)
    throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
  components.delete(urn);
  run.redactor.learn(outputs);
  run.snapshot.put({ ...current, outputs: run.sealer.seal(declaredOutputs(outputs, run.redactor)) }, undefined);
  const { goal, old, operation } = component;
  if (operation === "same") return;
  const kind = operation === "update" ? "afterUpdate" : "afterCreate";
  const olds = operation === "update" && old !== undefined ? oldArguments(run, old, goal.inputs) : {};
  const args = { ...hookArguments(goal, ""), newInputs: goal.inputs, newOutputs: outputs, ...olds };
  await runHooks(run, kind, goal.registration.hooks[kind], args);
}

/** The outputs of a run that failed are laid over the old ones, since those that are missing may only not have been reached. */
function settleStack(run: Run, outputs: Properties, succeeded: boolean): void {
  const stack = [...run.snapshot.state().resources].find((entry) => entry.type === stackType);
  if (stack === undefined) return;
  run.redactor.learn(outputs);
  const sealed = run.sealer.seal(declaredOutputs(outputs, run.redactor));
  run.snapshot.put({ ...stack, outputs: succeeded ? sealed : { ...stack.outputs, ...sealed } }, undefined);
}
