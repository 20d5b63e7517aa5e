import { userInfo } from "node:os";
import { detectCiSystem, personEntries } from "./ci-systems.js";

/** Environment variable with which the driver states who runs the upgrade; gate processes inherit it. */
export const actorVariable = "PALETTE_ACTOR";

/**
 * Lists every name of the person who runs the upgrade: the one from the driver, those from CI, and this machine's user.
 * All are used, so that setting one cannot hide another. Empty in a CI job that does not say for whom it runs, because
 * the machine's user there is not a person.
 */
export function listRunnerNames(environment: NodeJS.ProcessEnv, user: () => string = getMachineUser): string[] {
  const declaredNames = [actorVariable, ...personEntries]
    .map((key) => environment[key] ?? "")
    .filter((name) => name !== "");
  if (detectCiSystem(environment) !== null && declaredNames.length === 0) return [];
  return [...new Set([...declaredNames, user()])].filter((name) => name !== "");
}

/** Four-eyes check: whether `by` is not the person who runs the upgrade. Always false if that person is unknown. */
export function isOtherPerson(by: string, runners: readonly string[]): boolean {
  return runners.length > 0 && !runners.some((name) => isSameName(name, by));
}

/** Explains why palette:approval.fourEyes counts no acceptance while the runner is unknown, and what to do. */
export const runnerUnknown = {
  message: "this CI job does not say who started it, so palette:approval.fourEyes counts nobody's word",
  next: `Set ${actorVariable} in the job to the name of the person it runs for.`,
};

/** Compares names without regard to case and surrounding spaces. */
function isSameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function getMachineUser(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user id may have no user name.
    return "";
  }
}
