import type { DeclaredStack } from "./declared-stack.js";
import type { Violation } from "./violation.js";

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
