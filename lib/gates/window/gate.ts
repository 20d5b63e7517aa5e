import { estimateHop, type MeasuredHop } from "../../plan/estimate.js";
import { gatesFor } from "../../plan/expand.js";
import { releasesOf } from "../../plan/rules.js";
import type { GateSettings } from "../../stack/gate-settings.js";
import { notConfigured } from "../not-configured.js";
import { factsOfGate } from "../site-of-gate.js";
import { timingOf } from "../timing.js";
import type { Edge, Gate } from "../types.js";
import { verdictOf } from "../verdict.js";
import { judgeWindow } from "./judge.js";

const timing = { deadlineSeconds: 15 * 60, intervalSeconds: 30, samples: 1 };

/** Whether a hop may begin now, and has room to end, by the installation's own windows. Only asked before it begins. */
export const windowGate: Gate = {
  name: "window",
  timing,
  recheck: "start-only",
  reads: ["nothing of the site: its clock and palette:windows"],
  async sample({ settings, edge, clock, resuming, measured = [] }) {
    if (settings.windows.length === 0) return notConfigured("window", "palette:windows is not set", edge);
    if (resuming) return verdictOf("window", [begun], null);
    const { finding, observed } = judgeWindow({
      windows: settings.windows,
      now: await clock.now(),
      neededMinutes: likelyMinutes(edge, settings, measured),
      patientSeconds: timingOf({ name: "window", timing }, settings).deadlineSeconds,
    });
    return verdictOf("window", [finding], observed);
  },
};

const begun = {
  outcome: "pass" as const,
  code: "NOTE",
  member: null,
  message: "The hop was begun already: a hop in flight is never held back by a window.",
};

function likelyMinutes({ from, to, change }: Edge, settings: GateSettings, measured: MeasuredHop[]): number {
  const facts = factsOfGate(settings);
  const kind = { edition: settings.edition, method: "kubernetes" as const };
  const hop = {
    change: change === "none" ? ("patch" as const) : change,
    gates: gatesFor(from, to, { ...kind, facts }),
  };
  const releases = releasesOf(to, facts, kind).length;
  return estimateHop({ hop, releases, limits: settings, measured: { stack: measured, stage: [] } }).likelyMinutes;
}
