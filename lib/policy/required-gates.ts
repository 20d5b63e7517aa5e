import type { GateName } from "../gates/gate-names.js";
import { isImplemented } from "../gates/registry.js";
import { editions } from "../matrix/types.js";
import { gatesFor } from "../plan/expand.js";
import { isVersion } from "../version/version.js";
import type { DeclaredStack } from "./declared-stack.js";

/** The gates that data/ demands before the hop of this stack; none where the hop cannot be told, which is refused elsewhere. */
export function requiredGates({ installations }: DeclaredStack, hasGateways: boolean): GateName[] {
  const required = installations.flatMap(({ from, to, edition }) => {
    const known = editions.find((name) => name === edition);
    if (from === null || to === null || known === undefined || !isVersion(from) || !isVersion(to)) return [];
    return gatesFor(from, to, { edition: known, method: "kubernetes", facts: { pcgs: hasGateways } })
      .filter(({ name, when, mandatory }) => when === "before" && mandatory && isImplemented(name))
      .map(({ name }) => name);
  });
  return [...new Set(required)];
}
