import type { DeclaredStack } from "./declared-stack.js";
import type { Violation } from "./violation.js";

/** Every gate judges for the version that hubble moves to: one that judged for another version proves nothing. */
export function strayGates({ installations, releases, gates }: DeclaredStack): Violation[] {
  const hubble = releases.find(({ name }) => name === "hubble");
  if (hubble === undefined)
    return installations.flatMap(({ urn, to }) => strayFrom(to, "the installation", gates, urn));
  const stray = installations
    .filter(({ to }) => to !== hubble.version)
    .map(({ urn, to }) => ({
      urn,
      message: `The installation's destination is ${to ?? "not to be read"}, but hubble moves to ${hubble.version ?? "what cannot be read"}.`,
    }));
  return [...stray, ...strayFrom(hubble.version, "hubble", gates, hubble.urn)];
}

function strayFrom(version: string | null, whose: string, gates: DeclaredStack["gates"], urn: string): Violation[] {
  if (version === null) {
    return [
      {
        urn,
        message: `The version of ${whose} cannot be read, so no gate can be held to it. What cannot be judged is refused.`,
      },
    ];
  }
  return gates
    .filter(({ destination }) => destination !== version)
    .map((gate) => ({
      urn: gate.urn,
      message: `${gate.name} judges for ${gate.destination ?? "what cannot be read"} (environment.TO), but the version of ${whose} is ${version}.`,
    }));
}
