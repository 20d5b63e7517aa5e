import { type Finding } from "../finding.js";
import { type View } from "../reply/view.js";
import { findPrimary, findSelf, formatMemberLabel } from "./context.js";
import { twoPrimariesSeconds } from "./set.js";
import { computeSecondsBetween } from "./time.js";

/** Seconds that the answers of one sample may lie apart. */
const maximumSpread = 20;

/** One member's readable answer. */
export interface Viewpoint {
  pod: string;
  view: View;
}

/** G05: checks that at most one member calls itself PRIMARY. */
export function checkOneDecides(deciding: readonly Viewpoint[]): Finding[] {
  if (deciding.length < 2) return [];
  const names = deciding.map(({ pod }) => pod).join(" and ");
  const elections = deciding.map(({ view: { status } }) => computeSecondsSinceElection(status));
  const lasting = elections.every((seconds) => seconds !== null && seconds > twoPrimariesSeconds);
  const advice = lasting
    ? `and the last election was more than ${twoPrimariesSeconds} s ago: part of the network is cut, have it repaired and never force a member`
    : "wait for the older to step down, and have the network looked at if it does not";
  return [
    {
      rule: "G05",
      code: "TWO_PRIMARIES",
      member: null,
      outcome: lasting ? "fail" : "wait",
      message: `${names} each call themselves PRIMARY, expected exactly one${lasting ? ", " : ": "}${advice}.`,
    },
  ];
}

/** Checks G05 and G12 over all viewpoints: one set, one primary, one term, one configuration. */
export function checkAgreement(viewpoints: readonly Viewpoint[]): Finding[] {
  const successful = viewpoints.filter(({ view }) => view.status.ok === 1);
  const compare = (
    rule: Finding["rule"],
    code: string,
    outcome: "wait" | "fail",
    what: string,
    getValue: (view: View) => string | number | null,
  ): Finding[] => {
    const values = successful.map(({ view }) => getValue(view));
    if (new Set(values).size <= 1) return [];
    const seen = successful.map(({ pod }, index) => `${pod} ${values[index] ?? "none"}`).join(", ");
    return [
      {
        rule,
        code,
        member: null,
        outcome,
        message: `The members do not name the same ${what} (${seen}), expected one: ${outcome === "fail" ? "check that each of them is Palette's MongoDB" : "wait until all have heard of it"}.`,
      },
    ];
  };
  return [
    ...compare("G03", "SET_NAME", "fail", "set", (view) => view.status.set),
    ...compare("G05", "PRIMARY_DISAGREEMENT", "wait", "primary", (view) => {
      const primary = findPrimary(view.status.members ?? []);
      return primary && formatMemberLabel(primary.name);
    }),
    ...compare("G05", "TERM_DISAGREEMENT", "wait", "term", (view) => view.status.term),
    ...compare("G12", "CONFIG_VERSION", "wait", "version of the configuration", (view) => view.config?.version ?? null),
  ];
}

/**
 * G11: compares what each secondary says of its own data with what the primary says of its own. The entry of the member
 * that answers is first-hand, where others know of it by heartbeats only. Optimes are in whole seconds and the members
 * were not asked at one instant.
 */
export function checkOwnOptimes(
  viewpoints: readonly Viewpoint[],
  deciding: readonly Viewpoint[],
  maxLagSeconds: number,
): Finding[] {
  const [primary, ...others] = deciding;
  const newest = primary && findSelf(primary.view.status.members ?? [])?.optimeSeconds;
  if (!primary || others.length > 0 || typeof newest !== "number") return [];
  return viewpoints.flatMap(({ pod, view }) => {
    const { status } = view;
    const own = findSelf(status.members ?? []);
    if (own?.state !== 2 || own.optimeSeconds === null) return [];
    const earlier = computeSecondsBetween(status.date, primary.view.status.date) ?? 0;
    const configured = (view.config ?? primary.view.config)?.members?.find(({ host }) => host === own.name);
    const spread = Math.min(Math.max(earlier, 0), maximumSpread) + 2 * status.heartbeatSeconds;
    const limit = maxLagSeconds + spread + (configured?.delaySeconds ?? 0);
    const seconds = newest - own.optimeSeconds;
    if (seconds <= limit) return [];
    const message = `${pod} itself says that its data is ${seconds} s behind the primary's own, expected at most ${limit.toFixed(0)} s: wait for it to catch up, or look for what slows it (disk, network, load).`;
    return [{ rule: "G11", code: "LAG", member: pod, outcome: "wait", message }];
  });
}

/** Computes how long ago the answering member was elected, by its own clock. */
function computeSecondsSinceElection({ members, date }: View["status"]): number | null {
  return computeSecondsBetween(findSelf(members ?? [])?.electionDate, date);
}
