import { hostname, userInfo } from "node:os";
import { actorVariable } from "./runner-names.js";
import { detectCiSystem } from "./ci-systems.js";

/** Who runs: the user of this machine and, in CI, the identity the job runs as. */
export interface Actor {
  user: string;
  host: string;
  /** e.g. "github: octo/palette, run 4711, actor ana"; null outside CI. */
  ci: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Identifies who runs: user and host, PALETTE_ACTOR if set, and in CI what the job states about itself. Pure. */
export function identifyActor(environment: Environment, machine: { user: string; host: string }): Actor {
  const { user, host } = machine;
  const named = environment[actorVariable] ? `${environment[actorVariable]} (as ${user})` : user;
  const system = detectCiSystem(environment);
  if (system === null) return { user: named, host, ci: null };
  if (system === "unknown") return { user: named, host, ci: "ci: not known which" };
  const getVariable = (key: string): string => environment[key] || "not reported";
  const ci = `${system.name}: ${getVariable(system.project)}, run ${getVariable(system.run)}, actor ${getVariable(system.persons[0])}`;
  return { user: named, host, ci };
}

/** Returns the user and host name of this machine. */
export function identifyMachine(): { user: string; host: string } {
  return { user: getUserName(), host: hostname() };
}

/** Returns the user name, or the user id in a container whose user has no name. */
function getUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "not known"}`;
  }
}
