import { pcgCatchUpGate } from "../../../lib/gates/pcg-catch-up/gate.js";
import { runGate } from "../../../lib/gates/run/runner.js";
import type { GateInput, GateReport, Reason, Verdict } from "../../../lib/gates/verdict/types.js";
import type { AppliedProfiles, Overlord, Pod, ProfileNotification, Workload } from "../../../lib/site/types.js";
import {
  arrived,
  at,
  FakeClock,
  fakeSite,
  inputFor,
  neverAborted,
  overlord,
  pod,
  readyWorkloads,
  tenantApi,
} from "../fake-site.js";

/**
 * Legend: the release is deployed at 08:00 and the newest pod started at 08:05, which is when the clock starts. Times are
 * minutes after 08:00.
 */
export interface Story {
  from?: string;
  to?: string;
  /** Agent before the hop; null: not recorded. */
  baseline?: string | null;
  /** When the driver looks first. */
  begins?: number;
  /** What the PCG is at a time; heartbeats come every minute by default. */
  pcg?: (minute: number) => Partial<Overlord>;
  updates?: (minute: number) => string[];
  completedAt?: number;
  /** Further events, by minute and words. */
  events?: [minute: number, message: string][];
  /** Palette's notifications of profile updates; an error where they cannot be read. */
  notifications?: (minute: number) => ProfileNotification[] | Error;
  /** Profiles and packs as the cluster reports them; an error where they cannot be read. */
  applied?: (minute: number) => AppliedProfiles | Error;
  /** Why its events cannot be read. */
  eventsFault?: Error;
  /** Digest of the profiles recorded before the hop; null: not recorded. */
  profileBefore?: string | null;
  workloads?: (minute: number) => Workload[];
  pods?: Pod[];
  ingressProvedAt?: number;
  platformPaused?: boolean;
}

export const newAgent =
  (minute: number): ((now: number) => Partial<Overlord>) =>
  (now) =>
    now >= minute ? { agentVersion: "4.6.1" } : {};

/** Runs the gate over the story to its end. */
export async function print(story: Story): Promise<{ report: GateReport; minute: number; codes: string[] }> {
  const { input, minuteNow } = stage(story);
  const report = await runGate(pcgCatchUpGate, input);
  return { report, minute: minuteNow(), codes: report.reasons.map(({ code }) => code) };
}

/** What the gate says when it looks for the first time. */
export async function firstSample(story: Story): Promise<Reason[]> {
  return (await firstVerdict(story)).reasons;
}

export async function firstVerdict(story: Story): Promise<Verdict> {
  return pcgCatchUpGate.sample(stage(story).input, neverAborted);
}

function stage(story: Story): { input: GateInput; minuteNow: () => number } {
  const {
    from = "4.5.23",
    to = "4.6.41",
    baseline = "4.5.3",
    begins = 5,
    updates,
    completedAt,
    events = [],
    profileBefore = null,
    platformPaused = false,
  } = story;
  const clock = new FakeClock(at(begins));
  let minute = begins;
  const watched = {
    now: () => clock.now(),
    sleep: async (seconds: number) => {
      await clock.sleep(seconds);
      minute += seconds / 60;
    },
  };
  const tenants = [
    tenantApi({
      tenant: "acme",
      overlords: () => [overlord({ lastHeartbeat: at(Math.floor(minute)), ...story.pcg?.(minute) })],
      updates: () => updates?.(minute) ?? [],
      events: () =>
        orThrow(story.eventsFault) ??
        [...(completedAt === undefined ? [] : [[completedAt, "All control planes are updated"] as const]), ...events]
          .filter(([time]) => minute >= time)
          .sort(([a], [b]) => b - a)
          .map(([time, message]) => ({ message, reason: "", at: at(time) })),
      notifications: () => orThrow(story.notifications?.(minute)) ?? [],
      ...(story.applied === undefined ? {} : { applied: () => orThrow(story.applied!(minute)) }),
      platformPaused: () => platformPaused,
    }),
  ];
  const site = fakeSite({ tenants, revisions: arrived(from, to), pods: story.pods ?? [pod({ startTime: at(5) })] });
  site.kubernetes.workloads = async () => Promise.resolve(story.workloads?.(minute) ?? readyWorkloads);
  const input = inputFor({
    when: "after",
    from,
    to,
    site,
    clock: watched,
    baseline: baseline === null ? {} : { "acme/pcg-1": baseline },
    ...(profileBefore === null ? {} : { profileBaseline: { "acme/pcg-1": profileBefore } }),
    ...(story.ingressProvedAt === undefined ? {} : { ingressProvedAt: at(story.ingressProvedAt) }),
  });
  return { input, minuteNow: () => minute };
}

function orThrow<T>(answer: T | Error): T {
  if (answer instanceof Error) throw answer;
  return answer;
}
