import type { GateName } from "../gates/gate-names.js";
import { isImplemented } from "../gates/registry.js";
import { editions } from "../matrix/types.js";
import { listGates } from "../plan/expand.js";
import { isVersion } from "../version/version.js";
import type { DeclaredStack } from "./declared-stack.js";

/** Lists the gates that data/ requires before the hop of this stack; none if the hop is unknown (refused elsewhere). */
export function listRequiredGates({ installations }: DeclaredStack, hasGateways: boolean): GateName[] {
  const required = installations.flatMap(({ from, to, edition }) => {
    const known = editions.find((name) => name === edition);
    if (from === null || to === null || known === undefined || !isVersion(from) || !isVersion(to)) return [];
    return listGates(from, to, { edition: known, method: "kubernetes", facts: { pcgs: hasGateways } })
      .filter(({ name, when, mandatory }) => when === "before" && mandatory && isImplemented(name))
      .map(({ name }) => name);
  });
  return [...new Set(required)];
}
