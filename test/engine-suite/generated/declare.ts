import type { Declared } from "../support/cases.js";
import type { Turn } from "../support/trial.js";
import { applyLimits, canFail, mayBeRead } from "./limits.js";
import type { Episode, Slot, Spec } from "./slots.js";

/** A slot that is in the program, with the resources before it that it may refer to. */
export interface Placed {
  number: number;
  name: string;
  slot: Slot;
  spec: Spec;
}

type Version = 1 | 2;

/** Turns an episode into the runs of the program `declared`. */
export function listTurns(episode: Episode): Turn[] {
  const limited = applyLimits(episode);
  const serial = canFail(limited);
  return limited.turns.map((turn) => {
    const version: Version = turn.endsWith("1") ? 1 : 2;
    const resources = declareVersion(limited, version, serial);
    return {
      what: turn.startsWith("up") ? "up" : "preview",
      config: { resources: JSON.stringify(resources), outputs: JSON.stringify(declareOutputs(resources)) },
    };
  });
}

function declareVersion(episode: Episode, version: Version, serial: boolean): Declared[] {
  const placed = placeSlots(episode, version);
  const resources = placed.map((one, index) => declareResource(one, placed.slice(0, index), version, serial));
  const at = placed.findIndex(({ number }) => number === episode.throwsBefore);
  if (version === 2 && at >= 0) resources.splice(at, 0, { name: "end", throws: "Refused: no route leads there." });
  return resources;
}

function placeSlots({ slots }: Episode, version: Version): Placed[] {
  return slots.flatMap((slot, number) => {
    if (slot.in !== "both" && (slot.in === "first") !== (version === 1)) return [];
    const renamed = version === 2 && slot.name !== "kept";
    const spec = version === 1 ? slot.spec : { ...slot.spec, ...slot.change };
    return [{ number, slot, spec, name: renamed ? `r${number}x` : `r${number}` }];
  });
}

/**
 * In a serial program each resource waits for all that come before it: what a failure stops does not depend on chance then.
 * There each component holds all that follows it, as nothing can wait for a component that is not complete.
 */
function declareResource(one: Placed, earlier: readonly Placed[], version: Version, serial: boolean): Declared {
  const { spec, slot, name, number } = one;
  const groups = earlier.filter((other) => other.slot.group);
  const commands = earlier.filter((other) => !other.slot.group);
  const parent = serial ? groups.at(-1) : groups.find((other) => other.number === spec.parent);
  const stated = commands.filter((other) => spec.dependsOn.includes(other.number));
  const dependsOn = serial && commands.length > 0 ? [...new Set([...stated, commands.at(-1)!])] : stated;
  const aliased = version === 2 && slot.name === "aliased";
  return {
    name,
    ...(slot.group
      ? { group: true as const, args: { to: mark(spec, spec.to) }, outputs: { to: spec.to } }
      : { args: declareArguments(one, commands) }),
    ...(dependsOn.length > 0 ? { dependsOn: dependsOn.map((other) => other.name) } : {}),
    ...(parent === undefined ? {} : { parent: parent.name }),
    ...(aliased ? { aliases: [{ name: `r${number}` }] } : {}),
    options: declareOptions(spec, slot.group),
    hooks: declareHooks(spec),
  };
}

function declareArguments({ spec, name }: Placed, commands: readonly Placed[]): Record<string, unknown> {
  const source = commands.find((other) => other.number === spec.reads && mayBeRead(other.spec));
  const shown = spec.secret ? "set" : '"$TO"';
  const write = (what: string): string => `echo ${what} ${name} >> "$LOG"; printf '%s %s' ${shown} "$FROM"`;
  const text = (what: "create" | "update" | "delete"): string =>
    spec.fails === what ? `${write(what)}; exit 3` : write(what);
  return {
    create: text("create"),
    update: text("update"),
    ...(spec.deletes || spec.fails === "delete" ? { delete: text("delete") } : {}),
    environment: {
      TO: mark(spec, spec.to),
      ...(source === undefined ? {} : { FROM: { $output: `${source.name}.stdout` } }),
    },
    ...(spec.trigger === null ? {} : { triggers: [spec.trigger] }),
  };
}

function mark({ secret }: Spec, value: string): unknown {
  return secret ? { $secret: `secret-${value}` } : value;
}

function declareOptions(spec: Spec, group: boolean): Record<string, unknown> {
  return {
    ...(spec.protect === null ? {} : { protect: spec.protect }),
    ...(spec.retainOnDelete === null ? {} : { retainOnDelete: spec.retainOnDelete }),
    ...(spec.ignoreChanges === null || group ? {} : { ignoreChanges: [spec.ignoreChanges] }),
    ...(spec.replaceOnChanges === null || group ? {} : { replaceOnChanges: [spec.replaceOnChanges] }),
    ...(spec.secretOutput && !group ? { additionalSecretOutputs: ["stdout"] } : {}),
  };
}

/** A hook's name says all of it, so that every resource may use it. */
function declareHooks({ hooks }: Spec): NonNullable<Declared["hooks"]> {
  const bound: NonNullable<Declared["hooks"]> = {};
  for (const { kind, fails, onDryRun } of hooks) {
    const name = [kind, ...(fails ? ["fails"] : []), ...(onDryRun ? ["dry"] : [])].join("-");
    const hook = { name, ...(fails ? { fails: "not now" } : {}), ...(onDryRun ? { onDryRun } : {}) };
    const list = (bound[kind] ??= []);
    if (!list.some((other) => other.name === name)) list.push(hook);
  }
  return bound;
}

function declareOutputs(resources: readonly Declared[]): Record<string, unknown> {
  const commands = resources.filter(({ group, throws }) => group === undefined && throws === undefined);
  return Object.fromEntries(commands.map(({ name }) => [name, { $output: `${name}.stdout` }]));
}
