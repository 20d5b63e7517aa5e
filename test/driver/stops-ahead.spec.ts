import assert from "node:assert/strict";
import { type PreviewReport } from "../../lib/program/preview/report.js";
import { listStopsAhead } from "../../lib/driver/stops.js";
import { type UpdateRecord } from "../../lib/driver/up-result.js";
import { refusal, routePlan } from "../report/hand-built.js";

const plan = (stops: string[]): PreviewReport["plan"] => routePlan(["4.6.36", ...stops]);

const hop = (from: string, destination: string): PreviewReport["step"] => {
  return { kind: "hop", from, destination, resuming: false, declareReleases: true };
};
const settle = { kind: "settle", from: "4.6.36", destination: "4.6.41", ours: true, declareReleases: true } as const;
type Made = Pick<UpdateRecord, "to" | "outcome">;
const made = (to: string, outcome: Made["outcome"] = "succeeded"): Made => {
  return { to, outcome };
};

describe("stops still ahead at the end of a run", () => {
  const route = plan(["4.6.41", "4.7.20"]);
  const cases: [title: string, report: Parameters<typeof listStopsAhead>[0], updates: Made[], ahead: string[]][] = [
    ["no preview of this run told a route: none", null, [], []],
    ["a preview that did not get to a route: none", { plan: null, step: null }, [], []],
    ["a route that is refused: none", { plan: { ...plan(["4.6.41"])!, refusal }, step: null }, [], []],
    ["the route previewed", { plan: route, step: hop("4.6.36", "4.6.41") }, [], ["4.6.41", "4.7.20"]],
    [
      "a hop that was refused",
      { plan: route, step: hop("4.6.36", "4.6.41") },
      [made("4.6.41", "refused")],
      ["4.6.41", "4.7.20"],
    ],
    ["a hop that was made since", { plan: route, step: hop("4.6.36", "4.6.41") }, [made("4.6.41")], ["4.7.20"]],
    ["all that was previewed is made", { plan: plan(["4.7.20"]), step: hop("4.6.41", "4.7.20") }, [made("4.7.20")], []],
    [
      "a hop made before the preview",
      { plan: plan(["4.7.20"]), step: hop("4.6.41", "4.7.20") },
      [made("4.6.41")],
      ["4.7.20"],
    ],
    ["an installed version whose checks are open", { plan: plan(["4.7.20"]), step: settle }, [], ["4.6.41", "4.7.20"]],
    ["settled since", { plan: plan(["4.7.20"]), step: settle }, [made("4.6.41")], ["4.7.20"]],
    [
      "a hop in progress off the new target's route, which the plan begins with",
      { plan: plan(["4.6.41", "4.6.43"]), step: hop("4.6.36", "4.6.41") },
      [],
      ["4.6.41", "4.6.43"],
    ],
  ];
  for (const [title, report, updates, ahead] of cases) {
    it(title, () => assert.deepEqual(listStopsAhead(report, updates), ahead));
  }
});
