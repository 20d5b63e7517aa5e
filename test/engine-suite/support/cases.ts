import type { Turn } from "./trial.js";

/** A resource as the program `declared` understands it. */
export interface Declared {
  name: string;
  group?: true;
  args?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  dependsOn?: string[];
  parent?: string;
  aliases?: Record<string, unknown>[];
  options?: Record<string, unknown>;
  hooks?: Record<string, { name: string; fails?: string; onDryRun?: true; reports?: string; retries?: number }[]>;
  /** Not a resource: the program ends with this error there. */
  throws?: string;
  /** Not a resource: the program logs this there. */
  says?: string;
  severity?: string;
}

export const up = (resources: Declared[], outputs: Record<string, unknown> = {}, more: Partial<Turn> = {}): Turn =>
  turn("up", resources, outputs, more);
export const preview = (resources: Declared[], outputs: Record<string, unknown> = {}, more: Partial<Turn> = {}): Turn =>
  turn("preview", resources, outputs, more);

function turn(what: Turn["what"], resources: Declared[], outputs: Record<string, unknown>, more: Partial<Turn>): Turn {
  return {
    what,
    config: { resources: JSON.stringify(resources), outputs: JSON.stringify(outputs), ...more.config },
    ...(more.secrets ? { secrets: more.secrets } : {}),
  };
}

/** A Command that writes its name to the log; `more` follows in its text. */
export function command(name: string, more: Partial<Declared> & { to?: string; text?: string } = {}): Declared {
  const { to = "1", text = "", args, ...rest } = more;
  return {
    name,
    args: {
      create: `echo ran ${name} >> "$LOG"; printf '%s %s' ${name} "$TO"${text === "" ? "" : `; ${text}`}`,
      environment: { TO: to },
      ...args,
    },
    ...rest,
  };
}

/** URNs of the program `declared`, by the names of a resource's parents and its own. */
export const urnOf = (name: string, parentTypes = ""): string =>
  `urn:pulumi:dev::declared::${parentTypes}command:local:Command::${name}`;
export const groupUrn = (name: string): string => `urn:pulumi:dev::declared::test:index:Group::${name}`;
export const stackUrn = "urn:pulumi:dev::declared::pulumi:pulumi:Stack::declared-dev";

/** Steps by URN from steps by a Command's name; `stack` is the stack's own. */
export function steps(stack: string, commands: Record<string, string | string[]>): Record<string, string[]> {
  const entries = Object.entries(commands).map(([name, list]) => [
    name.startsWith("urn:") ? name : urnOf(name),
    typeof list === "string" ? [list] : list,
  ]);
  return { ...Object.fromEntries(entries), [stackUrn]: [stack] } as Record<string, string[]>;
}
