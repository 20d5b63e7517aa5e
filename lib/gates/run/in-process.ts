import { selectAcceptances } from "../consent/carried.js";
import { listRunnerNames } from "../consent/runner-names.js";
import { runGateRequest } from "./request.js";
import { getGateByName } from "../registry.js";
import {
  type BegunHop,
  type GateReport,
  type HopPair,
  type PromotedHop,
  type SettledRevision,
} from "../verdict/types.js";
import { type MeasuredHop } from "../../planning/plan/estimate.js";
import { type Clock } from "../../base/time/clock.js";
import { type Site } from "../../site/types.js";
import { type Version } from "../../planning/version/version.js";
import { type GateSecrets } from "../../settings/gate-secrets.js";
import { type GateSettings } from "../../settings/gate-settings.js";
import { type Settings } from "../../settings/schema.js";

/** Context for gates judged inside the program: same code as their Commands, on the program's connection. */
export interface JudgeContext {
  site: Site;
  clock: Clock;
  settings: GateSettings;
  secrets: GateSecrets;
  baseline: Record<string, string>;
  /** Helm's deployed revisions when the installed version was settled. */
  settledRevisions: SettledRevision[];
  /** `palette:accept` and `palette:approval.fourEyes`. */
  accept: Pick<Settings, "accept" | "approval">;
  promoted?: PromotedHop[];
  /** Hops of the route after this one. */
  ahead?: HopPair[] | undefined;
  /** Hops of this stack with a measured duration, before the one to the destination. */
  measured: MeasuredHop[];
}

/** One gate to be judged by the program. */
interface GateCheck {
  name: string;
  when: "before" | "after";
  to: Version;
  /** A gateway or own check; absent: all. */
  only?: string;
  /** Decides on one sample. */
  single: boolean;
  /** True if the destination is a fresh install. */
  install?: boolean;
  /** The hop whose next release is about to move. */
  begun?: BegunHop;
  /** ISO 8601: when the root domain was proved to lead to the new ingress. */
  ingressProvedAt?: string;
  signal?: AbortSignal;
  /** Longest wait where only other people are waited for; null or absent: until the deadline. */
  maxWaitSeconds?: number | null;
}

export function judgeInProgram(check: GateCheck, context: JudgeContext): Promise<GateReport> {
  const { name, when, to, only, install, begun, ingressProvedAt, single, signal, maxWaitSeconds } = check;
  const { settings, secrets, baseline, settledRevisions, promoted, ahead, measured } = context;
  const gate = getGateByName(name);
  const acceptances = selectAcceptances(context.accept, gate.name, to);
  return runGateRequest(
    gate,
    {
      ...{ to, when, only, install, begun, ingressProvedAt },
      ...{ settings, secrets, baseline, settledRevisions, acceptances, promoted, ahead, measured },
    },
    { connect: () => context.site, clock: context.clock, runners: listRunnerNames(process.env) },
    { single, maxWaitSeconds, signal },
  );
}
