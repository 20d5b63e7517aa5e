import { hasProviderChanged, type Goal } from "./goal.js";
import { diffPaths, parsePath, restoreIgnoredPaths } from "./values/property-path.js";
import type { Run } from "./run.js";
import { isLost } from "./values/seal.js";
import type { ResourceState } from "./state.js";
import { mapObject, reveal, revealAll, type Properties, type Value } from "./values/values.js";

/**
 * Returns the inputs with ignored changes restored, as checked by the provider. Throws the message to report when the
 * check fails.
 */
export async function checkInputs(run: Run, goal: Goal, old: ResourceState | undefined): Promise<Properties> {
  const inputs = old === undefined ? goal.inputs : restoreIgnoredChanges(run, goal, old);
  if (goal.provider?.check === undefined) return inputs;
  const { inputs: checked, failures } = await goal.provider.check(revealAll(inputs), goal.context);
  if (failures.length > 0)
    throw new Error(
      failures.map(({ property, reason }) => formatCheckFailure(inputs[property], property, reason)).join("\n"),
    );
  return mapObject(checked, (value, key) => keepUnchangedInput(inputs[key], value) ?? value);
}

function formatCheckFailure(value: Value | undefined, property: string, reason: string): string {
  return `property ${property}${typeof value === "string" ? ` value {${value}}` : ""} has a problem: ${reason}`;
}

function keepUnchangedInput(input: Value | undefined, checked: Value): Value | undefined {
  return input !== undefined && JSON.stringify(reveal(input)) === JSON.stringify(checked) ? input : undefined;
}

function restoreIgnoredChanges(run: Run, goal: Goal, old: ResourceState): Properties {
  const { ignoreChanges: paths } = goal.registration;
  if (paths.length === 0) return goal.inputs;
  return restoreIgnoredPaths(goal.inputs, run.sealer.open(old.inputs, goal.inputs), paths);
}

type Decision =
  | { operation: "create" }
  | { operation: "same" }
  | { operation: "update"; diffKeys: string[] }
  | { operation: "replace"; diffKeys: string[] };

/**
 * Decides the operation for a resource with checked inputs. Throws the message to report when a replacement is refused.
 */
export function decide(run: Run, goal: Goal, old: ResourceState | undefined): Decision {
  if (old === undefined) return { operation: "create" };
  const decision = decideByDiff(run, goal, old);
  const keepsOldInputs =
    decision.operation === "update" || (decision.operation === "replace" && goal.provider === null);
  if (keepsOldInputs && !run.dryRun && Object.values(goal.inputs).some(isLost)) {
    throw new Error(
      `ignoreChanges (${goal.registration.ignoreChanges.join(", ")}) keeps a secret that changed, and other inputs change too: ` +
        `the embedded engine stores only digests of secrets and cannot hand the old one to the provider`,
    );
  }
  return decision;
}

function decideByDiff(run: Run, goal: Goal, old: ResourceState): Decision {
  const paths = diffPaths(old.inputs, run.sealer.seal(goal.inputs));
  const replace = [
    ...(goal.provider?.selectReplacePaths?.(paths) ?? []),
    ...paths.filter((path) => shouldReplaceForPath(goal.registration.replaceOnChanges, path)),
  ];
  const diffKeys = hasProviderChanged(goal) ? ["provider", ...paths].sort() : paths;
  if (replace.length === 0 && !hasProviderChanged(goal)) {
    const needed = paths.length > 0 || old.initErrors.length > 0;
    return needed ? { operation: "update", diffKeys } : { operation: "same" };
  }
  if (goal.protect && old.protect) {
    throw new Error(
      `unable to replace resource "${goal.urn}" as it is currently marked for protection; ${diffKeys.join(", ")} cannot change in place`,
    );
  }
  if (goal.registration.importId !== "") {
    throw new Error(
      `previously-imported resources that still specify an ID may not be replaced: ${diffKeys.join(", ")} of ${goal.urn} changed`,
    );
  }
  if (goal.registration.type.startsWith("pulumi:providers:")) {
    throw new Error(
      `${diffKeys.join(", ")} of ${goal.urn} changed: that would replace every resource of this provider, which the embedded engine refuses`,
    );
  }
  return { operation: "replace", diffKeys };
}

/** Whether a path lies at or below one of the `replaceOnChanges` patterns; `*` stands for any step. */
function shouldReplaceForPath(patterns: readonly string[], path: string): boolean {
  const steps = parsePath(path);
  return patterns.some((pattern) => {
    const wanted = parsePath(pattern);
    return wanted.length <= steps.length && wanted.every((step, index) => step === "*" || step === steps[index]);
  });
}
