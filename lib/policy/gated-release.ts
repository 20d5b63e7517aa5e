import type { GateName } from "../gates/gate-names.js";
import type { DeclaredStack } from "./declared-stack.js";
import type { Violation } from "./violation.js";

/**
 * Every Helm release waits, by itself or through what it depends on, for every gate that the stack declares before the
 * hop, and `required` are among those.
 */
export function ungatedReleases(stack: DeclaredStack, required: readonly GateName[]): Violation[] {
  const before = stack.gates.filter(({ phase }) => phase === "before");
  return stack.releases.flatMap(({ urn, name }) => {
    const reached = reachedFrom(urn, stack.dependencies);
    const loose = before.filter((gate) => !reached.has(gate.urn)).map((gate) => gate.name);
    const absent = required.filter((gate) => !before.some((declared) => declared.gate === gate));
    return [
      ...(absent.length === 0
        ? []
        : [
            `Release ${name} would move without ${absent.join(", ")}: this hop needs it, and no Command of the stack runs it.`,
          ]),
      ...(loose.length === 0
        ? []
        : [
            `Release ${name} would move without waiting for ${loose.sort().join(", ")}. Let it depend on it, or on what does.`,
          ]),
    ].map((message) => ({ urn, message }));
  });
}

/** Everything a resource depends on, at any distance. */
function reachedFrom(urn: string, dependencies: DeclaredStack["dependencies"]): Set<string> {
  const reached = new Set<string>();
  const open = [urn];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const dependency of dependencies.get(next) ?? []) {
      if (reached.has(dependency)) continue;
      reached.add(dependency);
      open.push(dependency);
    }
  }
  return reached;
}
