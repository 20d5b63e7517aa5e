import { toGateSettings } from "../../settings/gate-settings.js";
import { type JudgeContext } from "../../gates/run/in-process.js";
import { type Prepared } from "./prepare.js";
import { listHopsAhead } from "./promoted.js";
import { listMeasuredHopsBefore, selectBaselines } from "./recorded.js";
import { type Update } from "./update.js";

/** Creates the context of gates. Before a hop, the baseline is that of the installed version's catch-up. */
export function createJudgeContext(update: Update, prepared: Prepared, when: "before" | "after"): JudgeContext {
  const { settings, recorded, clock, secrets, site } = update;
  const { baseline, installedBaseline, settledRevisions } = selectBaselines(recorded, prepared.step.destination);
  return {
    site: site(),
    clock,
    settings: toGateSettings(settings, prepared.clusterUid),
    secrets,
    baseline: when === "after" ? baseline : installedBaseline,
    settledRevisions,
    accept: settings,
    ahead: listHopsAhead(prepared),
    measured: listMeasuredHopsBefore(recorded.verifiedHops, prepared.step.destination),
  };
}
