import { isAnother, runnerUnknown } from "../accept/runner-names.js";
import { RefusedError } from "../errors.js";
import { isImplemented } from "../gates/registry.js";
import { rulesOf } from "../plan/rules.js";
import { type Hop, type PlannedAct } from "../plan/types.js";
import { type Settings } from "./settings-schema.js";

type Acknowledgement = Settings["acknowledge"][number];

/**
 * Acts due before this hop that nobody has acknowledged for exactly this hop, or whose acknowledgement has run out. An act
 * whose being done a mandatory gate of this hop proves needs nobody's word: the gate refuses the hop until it is.
 *
 * @param runners with four eyes: the names of the one who runs, whose own word does not count; null without
 */
export function openActs(
  hop: Hop,
  acknowledged: readonly Acknowledgement[],
  today: string,
  runners: readonly string[] | null = null,
): PlannedAct[] {
  const counts = wordsFor(hop, acknowledged, today).filter(({ by }) => runners === null || isAnother(by, runners));
  return hop.acts.filter(
    (act) => act.when === "before" && provingGate(act, hop) === null && !counts.some((entry) => entry.act === act.name),
  );
}

/** The mandatory gate before this hop that proves an act done (data/acts.json); null where only a person can tell. */
export function provingGate({ name }: PlannedAct, { gates }: Hop): string | null {
  const proves = rulesOf("acts").find((row) => row.name === name)?.provedBy;
  const planned = gates.find((gate) => gate.name === proves && gate.when === "before" && gate.mandatory);
  return planned !== undefined && isImplemented(planned.name) ? planned.name : null;
}

export interface OpenActs {
  hop: Hop;
  open: readonly PlannedAct[];
  acknowledged: readonly Acknowledgement[];
  today: string;
  /** As {@link openActs} was told. */
  runners: readonly string[] | null;
}

/**
 * @throws RefusedError `FOUR_EYES` where all that is open was acknowledged by the one who runs, `ACT_NOT_ACKNOWLEDGED` naming
 * every open act and what to write.
 */
export function refuseOpenActs({ hop, open, acknowledged, today, runners }: OpenActs): void {
  if (open.length === 0) return;
  // What is open though somebody gave their word is open because of who that was.
  const own = wordsFor(hop, acknowledged, today).filter(({ act }) => open.some(({ name }) => name === act));
  if (open.every(({ name }) => own.some(({ act }) => act === name))) throw ownWord(hop, own, runners);
  const list = open.map((act) => `  - ${act.name}: ${act.text}${nearMiss(act, { hop, acknowledged })}`).join("\n");
  throw new RefusedError(
    "ACT_NOT_ACKNOWLEDGED",
    `${hop.from} -> ${hop.to} waits for ${open.length === 1 ? "an act" : `${open.length} acts`} that nobody has acknowledged:\n${list}`,
    {
      next:
        `When done, add to palette:acknowledge for each: ` +
        `{act: "${open[0]!.name}", hop: "${hop.from}->${hop.to}", by: "<who>", because: "<what was done>"}.`,
    },
  );
}

/** Why an act is open though somebody gave their word for it: whom four eyes do not count; null where nobody did. */
export function uncountedWord(
  { name }: PlannedAct,
  { hop, open, acknowledged, today, runners }: OpenActs,
): string | null {
  if (!open.some((act) => act.name === name)) return null;
  const by = wordsFor(hop, acknowledged, today).find(({ act }) => act === name)?.by;
  if (by === undefined) return null;
  return runners?.length === 0
    ? `Acknowledged by ${by}; ${runnerUnknown.message}. ${runnerUnknown.next}`
    : `Acknowledged by ${by}, who runs this: palette:fourEyes asks for another person.`;
}

/** A word that was given for this act and does not count: for another hop, or no longer. */
function nearMiss({ name }: PlannedAct, { hop, acknowledged }: Pick<OpenActs, "hop" | "acknowledged">): string {
  const here = `${hop.from}->${hop.to}`;
  const words = acknowledged
    .filter(({ act }) => act === name)
    .map((word) => (word.hop === here ? `for this hop until ${word.until}` : `for ${word.hop}`));
  return words.length === 0 ? "" : ` (Acknowledged ${words.join(", ")}; that does not count here.)`;
}

function wordsFor(hop: Hop, acknowledged: readonly Acknowledgement[], today: string): Acknowledgement[] {
  const name = `${hop.from}->${hop.to}`;
  return acknowledged.filter((entry) => entry.hop === name && (entry.until === undefined || entry.until >= today));
}

function ownWord({ from, to }: Hop, own: readonly Acknowledgement[], runners: readonly string[] | null): RefusedError {
  const acts = own.map(({ act, by }) => `${act} by ${by}`).join(", ");
  if (runners?.length === 0) {
    const message = `${from} -> ${to}: acknowledged (${acts}), but ${runnerUnknown.message}.`;
    return new RefusedError("FOUR_EYES", message, { next: runnerUnknown.next });
  }
  return new RefusedError(
    "FOUR_EYES",
    `${from} -> ${to}: acknowledged by the one who runs this (${acts}), which palette:fourEyes does not count.`,
    { next: "Have another person acknowledge it, or run the update." },
  );
}
