import { userInfo } from "node:os";
import { ciSystemOf, personEntries } from "../journal/ci-systems.js";

/** Environment entry by which the driver says who runs; a gate's process inherits it. */
export const actorVariable = "PALETTE_ACTOR";

/**
 * Every name under which the one who runs is known: what the driver says, what CI says, and this machine's user. All of
 * them, so that none of them can be hidden by setting another. None in a CI job that does not tell for whom it runs: its
 * machine's user is nobody.
 */
export function runnerNames(environment: NodeJS.ProcessEnv, user: () => string = machineUser): string[] {
  const told = [actorVariable, ...personEntries].map((key) => environment[key] ?? "").filter((name) => name !== "");
  if (ciSystemOf(environment) !== null && told.length === 0) return [];
  return [...new Set([...told, user()])].filter((name) => name !== "");
}

/** With four eyes: true where `by` is another person than the one who runs. Where nobody knows who that is, nobody is. */
export function isAnother(by: string, runners: readonly string[]): boolean {
  return runners.length > 0 && !runners.some((name) => sameName(name, by));
}

/** Why four eyes count no word at all, and what to do, where nobody knows who runs. */
export const runnerUnknown = {
  message: "nothing tells for whom this CI job runs, so palette:fourEyes counts nobody's word",
  next: `Set ${actorVariable} in the job to the name of the person it runs for.`,
};

/** Names are compared as people write them. */
function sameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function machineUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return "";
  }
}
