import { hostname, userInfo } from "node:os";
import { actorVariable } from "../accept/runner-names.js";
import { ciSystemOf } from "./ci-systems.js";
import { type Actor } from "./types.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Who runs: machine and user (and for whom, where PALETTE_ACTOR tells), and in CI what the job says of itself. Pure. */
export function actorOf(environment: Environment, machine: { user: string; host: string }): Actor {
  const { user, host } = machine;
  const named = environment[actorVariable] ? `${environment[actorVariable]} (as ${user})` : user;
  const system = ciSystemOf(environment);
  if (system === null) return { user: named, host, ci: null };
  if (system === "unknown") return { user: named, host, ci: "ci: not known which" };
  const part = (key: string): string => environment[key] || "not told";
  const ci = `${system.name}: ${part(system.project)}, run ${part(system.run)}, actor ${part(system.persons[0])}`;
  return { user: named, host, ci };
}

/** This machine's part of an actor. */
export function thisMachine(): { user: string; host: string } {
  return { user: userName(), host: hostname() };
}

/** A container's user may have no entry of its own. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "not known"}`;
  }
}
