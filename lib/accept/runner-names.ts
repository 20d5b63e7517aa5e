import { userInfo } from "node:os";

/** Environment entry by which the driver says who runs; a gate's process inherits it. */
export const actorVariable = "PALETTE_ACTOR";

/** Entries in which CI systems name the person a job runs for. */
const ciVariables = [
  "GITHUB_ACTOR",
  "GITHUB_TRIGGERING_ACTOR",
  "GITLAB_USER_LOGIN",
  "BUILD_USER_ID",
  "BITBUCKET_STEP_TRIGGERER_UUID",
];

/**
 * Every name under which the one who runs is known: what the driver says, what CI says, and this machine's user. All of
 * them, so that none of them can be hidden by setting another.
 */
export function runnerNames(environment: NodeJS.ProcessEnv, user: () => string = machineUser): string[] {
  const names = [actorVariable, ...ciVariables].map((key) => environment[key] ?? "");
  return [...new Set([...names, user()])].filter((name) => name !== "");
}

/** Names are compared as people write them. */
export function sameName(one: string, other: string): boolean {
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
