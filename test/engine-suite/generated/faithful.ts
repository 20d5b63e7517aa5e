import type { Declared } from "../support/cases.js";
import { brokenOrder, type Observed, type Turn } from "../support/trial.js";

/**
 * What an engine may not do, whatever the program: lists where an update that succeeded holds other resources than were
 * declared, where a preview changes the state, and where the last run, a repetition, still changes something.
 */
export function findUnfaithful(turns: readonly Turn[], observed: readonly Observed[]): string[] {
  const found = observed.flatMap((one, index) => brokenOrder(one).map((pair) => `run ${index + 1}: ${pair}`));
  for (const [index, turn] of turns.entries()) {
    const { ok, state } = observed[index]!;
    const held = state.map(({ urn }) => urn.split("::").at(-1)!).sort();
    const before = index === 0 ? [] : observed[index - 1]!.state;
    if (turn.what === "preview" && JSON.stringify(state) !== JSON.stringify(before))
      found.push(`run ${index + 1}: a preview changed the state`);
    const wanted = ["declared-dev", ...listNames(turn)].sort();
    if (turn.what === "up" && ok && held.join() !== wanted.join())
      found.push(`run ${index + 1}: the state holds ${held.join(", ")}; declared are ${wanted.join(", ")}`);
  }
  const [last, again] = observed.slice(-2) as [Observed, Observed];
  const changed = Object.entries(again.steps).filter(([, steps]) => steps.some((step) => !step.startsWith("same ")));
  if (last.ok && changed.length > 0) found.push(`a second run changes ${JSON.stringify(changed)}`);
  return found;
}

function listNames({ config }: Turn): string[] {
  return (JSON.parse(config.resources ?? "[]") as Declared[])
    .filter(({ throws }) => throws === undefined)
    .map(({ name }) => name);
}
