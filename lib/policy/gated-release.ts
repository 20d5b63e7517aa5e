import { type GateName } from "../planning/rules/types.js";
import { editions } from "../planning/matrix/types.js";
import { listGates } from "../planning/plan/expand.js";
import { isVersion } from "../planning/version/version.js";
import { type DeclaredHelmRelease, type DeclaredStack, type Violation } from "./declared-stack.js";

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

/**
 * Checks that every release has `protect`: without it a later update could delete or replace, so uninstall, the
 * release.
 */
export function checkProtectedReleases(releases: readonly Omit<DeclaredHelmRelease, "version">[]): Violation[] {
  return releases
    .filter(({ isProtected }) => !isProtected)
    .map(({ urn, name }) => ({
      urn,
      message: `Release ${name} is not protected: a later update could uninstall it. Set protect: true.`,
    }));
}

/** Lists the gates that data/ requires before the hop of this stack; none if the hop is unknown (refused elsewhere). */
export function listRequiredGates({ installations }: DeclaredStack, hasGateways: boolean): GateName[] {
  const required = installations.flatMap(({ from, to, edition }) => {
    const known = editions.find((name) => name === edition);
    if (from === null || to === null || known === undefined || !isVersion(from) || !isVersion(to)) return [];
    return listGates(from, to, { edition: known, method: "kubernetes", facts: { pcgs: hasGateways } })
      .filter(({ when, mandatory }) => when === "before" && mandatory)
      .map(({ name }) => name);
  });
  return [...new Set(required)];
}

/** Checks that every gate judges for the version that the release hubble moves to. */
export function checkGateDestinations({ installations, releases, gates }: DeclaredStack): Violation[] {
  const hubble = releases.find(({ name }) => name === "hubble");
  if (hubble === undefined)
    return installations.flatMap(({ urn, to }) => checkDestinations(to, "the installation", gates, urn));
  const stray = installations
    .filter(({ to }) => to !== hubble.version)
    .map(({ urn, to }) => ({
      urn,
      message: `The installation's destination is ${to ?? "not to be read"}, but hubble moves to ${hubble.version ?? "what cannot be read"}.`,
    }));
  return [...stray, ...checkDestinations(hubble.version, "hubble", gates, hubble.urn)];
}

function checkDestinations(
  version: string | null,
  owner: string,
  gates: DeclaredStack["gates"],
  urn: string,
): Violation[] {
  if (version === null) {
    return [
      {
        urn,
        message: `The version of ${owner} cannot be read, so no gate can be held to it. What cannot be judged is refused.`,
      },
    ];
  }
  return gates
    .filter(({ destination }) => destination !== version)
    .map((gate) => ({
      urn: gate.urn,
      message: `${gate.name} judges for ${gate.destination ?? "what cannot be read"} (environment.TO), but the version of ${owner} is ${version}.`,
    }));
}
