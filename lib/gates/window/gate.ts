import { estimateHop, type MeasuredHop } from "../../planning/plan/estimate.js";
import { listGates } from "../../planning/plan/expand.js";
import { listExpectedReleases } from "../../planning/rules/rules.js";
import { type GateSettings } from "../../settings/gate-settings.js";
import { toGateSiteFacts } from "../../settings/site-facts.js";
import { getGateTiming } from "../run/timing.js";
import { type Edge, type Gate } from "../verdict/types.js";
import { createNotConfiguredVerdict, createVerdict, type Finding } from "../verdict/findings.js";
import { judgeWindow } from "./judge.js";

const timing = { deadlineSeconds: 15 * 60, intervalSeconds: 30, samples: 1 };

/** Checks that an update window is open and long enough for the hop, before a hop begins and before it is resumed. */
export const windowGate: Gate = {
  name: "window",
  timing,
  recheck: "start-only",
  async sample({ settings, edge, clock, resuming, measured = [] }) {
    if (settings.windows.length === 0) return createNotConfiguredVerdict("window", "palette:windows is not set", edge);
    const { finding, observed } = judgeWindow({
      windows: settings.windows,
      now: await clock.now(),
      neededMinutes: estimateMinutes(edge, settings, measured),
      maxWaitSeconds: getGateTiming({ name: "window", timing }, settings).deadlineSeconds,
    });
    return createVerdict("window", [resuming ? explainToResume(finding) : finding], observed);
  },
};

/** A hop in progress stands half moved, so it may be finished outside its window, but only on a person's word. */
function explainToResume(finding: Finding): Finding {
  if (finding.outcome === "pass") return finding;
  const advice = `This hop is in progress: to finish it outside its window, a person accepts ${finding.code} of the gate window for this hop in palette:accept.`;
  return { ...finding, message: `${finding.message} ${advice}` };
}

function estimateMinutes({ from, to, change }: Edge, settings: GateSettings, measured: MeasuredHop[]): number {
  const facts = toGateSiteFacts(settings);
  const kind = { edition: settings.edition, method: "kubernetes" as const };
  const hop = {
    change: change === "none" ? ("patch" as const) : change,
    gates: listGates(from, to, { ...kind, facts }),
  };
  const releases = listExpectedReleases(to, facts, kind).length;
  return estimateHop({ hop, releases, limits: settings, measured: { stack: measured, stage: [] } }).likelyMinutes;
}
