import { isOtherPerson, runnerUnknown } from "./runner-names.js";
import { RefusedError } from "../../base/errors/errors.js";
import { loadRules } from "../../planning/rules/rules.js";
import { type Hop, type PlannedAct } from "../../planning/plan/types.js";
import { type Settings } from "../../settings/schema.js";

type Acknowledgement = Settings["acknowledge"][number];

/**
 * Lists the acts before this hop that have no valid acknowledgement for exactly this hop. An act that a mandatory gate
 * of this hop proves needs no acknowledgement: the gate refuses the hop until the act is done.
 *
 * @param runners with `palette:approval.fourEyes`, the names of whoever runs the update, whose own acknowledgements do not
 * count; null without
 */
export function listOpenActs(
  hop: Hop,
  acknowledged: readonly Acknowledgement[],
  today: string,
  runners: readonly string[] | null = null,
): PlannedAct[] {
  const counted = selectAcknowledgements(hop, acknowledged, today).filter(
    ({ by }) => runners === null || isOtherPerson(by, runners),
  );
  return hop.acts.filter(
    (act) =>
      act.when === "before" && findProvingGate(act, hop) === null && !counted.some((entry) => entry.act === act.name),
  );
}

/** Finds the mandatory gate before this hop that proves the act (data/acts.json); null where only a person can. */
export function findProvingGate({ name }: PlannedAct, { gates }: Hop): string | null {
  const proves = loadRules("acts").find((row) => row.name === name)?.provedBy;
  return gates.find((gate) => gate.name === proves && gate.when === "before" && gate.mandatory)?.name ?? null;
}

interface OpenActsInput {
  hop: Hop;
  open: readonly PlannedAct[];
  acknowledged: readonly Acknowledgement[];
  today: string;
  /** As {@link listOpenActs} was told. */
  runners: readonly string[] | null;
}

/**
 * Refuses the hop while acts are open.
 *
 * @throws RefusedError `FOUR_EYES` where every open act was acknowledged by whoever runs the update,
 * `ACT_NOT_ACKNOWLEDGED` naming every open act and what to write.
 */
export function refuseOpenActs({ hop, open, acknowledged, today, runners }: OpenActsInput): void {
  if (open.length === 0) return;
  // An act that is acknowledged and still open was acknowledged by whoever runs the update.
  const own = selectAcknowledgements(hop, acknowledged, today).filter(({ act }) =>
    open.some(({ name }) => name === act),
  );
  if (open.every(({ name }) => own.some(({ act }) => act === name))) throw createFourEyesError(hop, own, runners);
  const list = open
    .map((act) => `  - ${act.name}: ${act.text}${describeNearMiss(act, { hop, acknowledged })}`)
    .join("\n");
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

/** Describes why an acknowledged act is still open (`palette:approval.fourEyes`); null where nobody has acknowledged it. */
export function describeUncounted(
  { name }: PlannedAct,
  { hop, open, acknowledged, today, runners }: OpenActsInput,
): string | null {
  if (!open.some((act) => act.name === name)) return null;
  const by = selectAcknowledgements(hop, acknowledged, today).find(({ act }) => act === name)?.by;
  if (by === undefined) return null;
  return runners?.length === 0
    ? `Acknowledged by ${by}; ${runnerUnknown.message}. ${runnerUnknown.next}`
    : `Acknowledged by ${by}, who runs this: palette:approval.fourEyes asks for another person.`;
}

/** Describes acknowledgements of this act that do not count: for another hop, or expired. */
function describeNearMiss(
  { name }: PlannedAct,
  { hop, acknowledged }: Pick<OpenActsInput, "hop" | "acknowledged">,
): string {
  const here = `${hop.from}->${hop.to}`;
  const scopes = acknowledged
    .filter(({ act }) => act === name)
    .map((acknowledgement) =>
      acknowledgement.hop === here ? `for this hop until ${acknowledgement.until}` : `for ${acknowledgement.hop}`,
    );
  return scopes.length === 0 ? "" : ` (Acknowledged ${scopes.join(", ")}; that does not count here.)`;
}

function selectAcknowledgements(hop: Hop, acknowledged: readonly Acknowledgement[], today: string): Acknowledgement[] {
  const name = `${hop.from}->${hop.to}`;
  return acknowledged.filter((entry) => entry.hop === name && (entry.until === undefined || entry.until >= today));
}

function createFourEyesError(
  { from, to }: Hop,
  own: readonly Acknowledgement[],
  runners: readonly string[] | null,
): RefusedError {
  const acts = own.map(({ act, by }) => `${act} by ${by}`).join(", ");
  if (runners?.length === 0) {
    const message = `${from} -> ${to}: acknowledged (${acts}), but ${runnerUnknown.message}.`;
    return new RefusedError("FOUR_EYES", message, { next: runnerUnknown.next });
  }
  return new RefusedError(
    "FOUR_EYES",
    `${from} -> ${to}: acknowledged by the one who runs this (${acts}), which palette:approval.fourEyes does not count.`,
    { next: "Have another person acknowledge it, or run the update." },
  );
}
