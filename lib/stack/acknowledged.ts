import { RefusedError } from "../errors.js";
import { type Hop, type PlannedAct } from "../plan/types.js";
import { type Settings } from "./settings-schema.js";

type Acknowledgement = Settings["acknowledge"][number];

/** Acts due before this hop that nobody has acknowledged for exactly this hop, or whose acknowledgement has run out. */
export function openActs(hop: Hop, acknowledged: readonly Acknowledgement[], today: string): PlannedAct[] {
  const name = `${hop.from}->${hop.to}`;
  return hop.acts.filter(
    (act) =>
      act.when === "before" &&
      !acknowledged.some(
        (entry) => entry.act === act.name && entry.hop === name && (entry.until === undefined || entry.until >= today),
      ),
  );
}

/** @throws RefusedError `ACT_NOT_ACKNOWLEDGED` naming every open act and what to write. */
export function refuseOpenActs(hop: Hop, open: readonly PlannedAct[]): void {
  if (open.length === 0) return;
  const list = open.map((act) => `  - ${act.name}: ${act.text}`).join("\n");
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
