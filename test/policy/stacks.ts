import { formatGateCommand } from "../../lib/program/stack/gate-command-text.js";
import { readDeclaredStack, type DeclaredStack, type PolicyResource } from "../../lib/policy/declared-stack.js";
import { type GateName } from "../../lib/planning/rules/types.js";

export type Shown = PolicyResource;

export function shown(type: string, name: string, over: Partial<PolicyResource> = {}): PolicyResource {
  return { type, name, urn: `urn::${name}`, props: {}, opts: { protect: false }, dependencies: [], ...over };
}

export function installation(over: Record<string, unknown> = {}): PolicyResource {
  const props = { from: "4.6.41", to: "4.7.20", edition: "palette", matrix: "palette-kubernetes-4.7.20", ...over };
  return shown("palette:index:PaletteInstallation", "palette", { props });
}

export function gate(
  name: GateName,
  { phase = "before", to = "4.7.20", after = [] as string[], create = formatGateCommand(name) } = {},
): PolicyResource {
  return shown("command:local:Command", phase === "before" ? `gate-${name}` : `check-${name}`, {
    props: { create, environment: { TO: to, PHASE: phase } },
    dependencies: after.map((other) => ({ urn: `urn::${other}` })),
  });
}

export function release(name: string, after: string[], over: Partial<PolicyResource> = {}): PolicyResource {
  return shown("kubernetes:helm.sh/v3:Release", name, {
    props: { version: name === "hubble" ? "4.7.20" : "1.407.20" },
    opts: { protect: true },
    dependencies: after.map((other) => ({ urn: `urn::${other}` })),
    ...over,
  });
}

/** A hop as the program declares it: gates, releases one after the other, a check. */
export function goodHop(): PolicyResource[] {
  return [
    installation(),
    gate("mongo-replica-set"),
    gate("pcg-catch-up", { after: ["gate-rollout"] }),
    gate("rollout"),
    release("cert-manager", ["gate-mongo-replica-set", "gate-pcg-catch-up"]),
    release("hubble", ["cert-manager"]),
    gate("rollout", { phase: "after", after: ["hubble"] }),
  ];
}

/** The stack of `goodHop`, with some resources left out and others in their place or added. */
export function stackWith(replaced: PolicyResource[] = [], without: string[] = []): DeclaredStack {
  const names = replaced.map(({ name }) => name);
  const kept = goodHop().filter(({ name }) => !names.includes(name) && !without.includes(name));
  return readDeclaredStack([...kept, ...replaced]);
}
