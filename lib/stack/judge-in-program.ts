import { acceptancesFor } from "../accept/carried.js";
import { runnerNames } from "../accept/runner-names.js";
import { runGateRequest } from "../gates/process.js";
import { gateByName } from "../gates/registry.js";
import { type GateReport, type HeldRevision, type PromotedHop } from "../gates/types.js";
import { type Clock } from "../site/clock.js";
import { type Site } from "../site/types.js";
import { type MeasuredHop } from "../plan/estimate.js";
import { type Version } from "../version/version.js";
import { type GateSecrets } from "./gate-secrets.js";
import { type GateSettings } from "./gate-settings.js";
import { type Settings } from "./settings-schema.js";

/** Gates judged inside the program: with the same code as their Commands, on the connection the program has. */
export interface InProgram {
  site: Site;
  clock: Clock;
  settings: GateSettings;
  secrets: GateSecrets;
  baseline: Record<string, string>;
  /** What Helm held when the installed version was settled. */
  held: HeldRevision[];
  /** `palette:accept` and `palette:fourEyes`. */
  accept: Pick<Settings, "accept" | "fourEyes">;
  promoted?: PromotedHop[] | null;
  /** Timed hops of this stack before the one into the destination. */
  measured: MeasuredHop[];
}

/** One gate as the program asks for it. */
export interface AskedGate {
  name: string;
  when: "before" | "after";
  to: Version;
  /** A gateway or own check; null: all. */
  only: string | null;
  /** One look decides. */
  single: boolean;
  /** The destination is installed from nothing. */
  install?: boolean;
  signal?: AbortSignal;
  /** How long to wait where only other people are waited for; null or absent: until the deadline. */
  patienceSeconds?: number | null;
}

export function judgeInProgram(asked: AskedGate, context: InProgram): Promise<GateReport> {
  const { name, when, to, only, single, signal, patienceSeconds = null, install = false } = asked;
  return runGateRequest(
    gateByName(name),
    {
      to,
      when,
      settings: context.settings,
      secrets: context.secrets,
      baseline: context.baseline,
      held: context.held,
      only,
      ingressProvedAt: null,
      install,
      acceptances: acceptancesFor(context.accept, gateByName(name).name, to),
      promoted: context.promoted ?? null,
      measured: context.measured,
      runners: runnerNames(process.env),
    },
    { connect: () => context.site, clock: context.clock },
    { single, patienceSeconds, ...(signal === undefined ? {} : { signal }) },
  );
}
