import type { HookArguments } from "./hooks.js";
import type { Run } from "./run.js";
import type { HookKind, ResourceState } from "./state.js";
import { getErrorMessage } from "../../../../lib/base/errors/errors.js";

/**
 * Calls the hooks of one kind in order. Throws `before|after hook "NAME" failed: …` for the first failure that is not
 * ignored.
 */
export async function runHooks(
  run: Run,
  kind: HookKind,
  names: readonly string[] | undefined,
  args: HookArguments,
): Promise<void> {
  for (const name of names ?? []) {
    const hook = run.hooks.get(name);
    if (hook === undefined) throw new Error(`hook "${name}" was not registered`);
    if (run.dryRun && !hook.onDryRun) continue;
    const error = await hook.call(args).catch(getErrorMessage);
    run.journal.reportHook(name, args.urn, error === null ? "passed" : "failed");
    if (error === null) continue;
    if (!hook.ignoreErrors)
      throw new Error(`${kind.startsWith("before") ? "before" : "after"} hook "${name}" failed: ${error}`);
    run.journal.reportDiagnostic(
      "warning",
      args.urn,
      `${kind[0]!.toUpperCase()}${kind.slice(1)} hook "${name}" failed: ${error}`,
    );
  }
}

const mostRetries = 100;

/** Runs a provider's operation, and again as long as one of the resource's error hooks requests a retry. */
export async function runWithErrorHooks<T>(
  run: Run,
  names: readonly string[] | undefined,
  operation: "create" | "update" | "delete",
  args: HookArguments,
  attempt: () => Promise<T>,
): Promise<T> {
  const errors: string[] = [];
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      errors.unshift(getErrorMessage(error));
      if (
        run.signal.aborted ||
        errors.length > mostRetries ||
        !(await shouldRetry(run, names ?? [], operation, args, errors))
      )
        throw error;
      run.journal.reportDiagnostic(
        "warning",
        args.urn,
        `retrying ${operation} due to on-error hook request (${errors.length}/${mostRetries})`,
      );
    }
  }
}

async function shouldRetry(
  run: Run,
  names: readonly string[],
  operation: string,
  args: HookArguments,
  errors: readonly string[],
): Promise<boolean> {
  let retry = false;
  for (const name of names) {
    const hook = run.hooks.getErrorHook(name);
    if (hook === undefined) throw new Error(`error hook "${name}" was not registered`);
    const answer = await hook(args, operation, errors);
    run.journal.reportHook(name, args.urn, answer.error === null ? "passed" : "failed");
    if (answer.error !== null)
      throw new Error(`error hooks execution failed: error hook "${name}" failed: ${answer.error}`);
    retry ||= answer.retry;
  }
  return retry;
}

/** Creates the hook arguments about `old`, with its secrets only where `source` still holds them. */
export function createOldHookArguments(
  run: Run,
  old: ResourceState,
  source: HookArguments["newInputs"] = {},
): Pick<HookArguments, "oldInputs" | "oldOutputs"> {
  return { oldInputs: run.sealer.open(old.inputs, source), oldOutputs: run.sealer.open(old.outputs, source) };
}
