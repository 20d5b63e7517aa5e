import type { GateName } from "../gates/gate-names.js";
import type { DeclaredStack } from "./declared-stack.js";
import type { Violation } from "./violation.js";

/**
 * Checks that every Helm release depends, directly or indirectly, on every gate that the stack declares before the hop,
 * and that the `required` gates are among them.
 */
export function checkGatedReleases(stack: DeclaredStack, required: readonly GateName[]): Violation[] {
  const before = stack.gates.filter(({ phase }) => phase === "before");
  return stack.releases.flatMap(({ urn, name }) => {
    const reached = collectDependencies(urn, stack.dependencies);
    const notAwaited = before.filter((gate) => !reached.has(gate.urn)).map((gate) => gate.name);
    const absent = required.filter((gate) => !before.some((declared) => declared.gate === gate));
    return [
      ...(absent.length === 0
        ? []
        : [
            `Release ${name} would move without ${absent.join(", ")}: this hop needs it, and no Command of the stack runs it.`,
          ]),
      ...(notAwaited.length === 0
        ? []
        : [
            `Release ${name} would move without waiting for ${notAwaited.sort().join(", ")}. Let it depend on it, or on what does.`,
          ]),
    ].map((message) => ({ urn, message }));
  });
}

/** Collects the URNs of all direct and indirect dependencies of a resource. */
function collectDependencies(urn: string, dependencies: DeclaredStack["dependencies"]): Set<string> {
  const reached = new Set<string>();
  const pending = [urn];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const dependency of dependencies.get(next) ?? []) {
      if (reached.has(dependency)) continue;
      reached.add(dependency);
      pending.push(dependency);
    }
  }
  return reached;
}
