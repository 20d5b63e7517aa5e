import assert from "node:assert/strict";
import { listEdges } from "../../../lib/planning/matrix/lookup.js";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import type { UpResult } from "../../../lib/driver/up-result.js";
import { driverRig, type DriverRig } from "../support/driver-rig.js";
import type { EngineName } from "../support/program-rig.js";
import { listEngines, skipWithoutEngine } from "../support/engines.js";
import { siteEvidence, type SiteEvidence } from "./evidence.js";
import { breaches, type InvariantQuestion } from "./invariant.js";

export const seed = "palette-kubernetes-4.7.20";

/** Site time, for the person who approves a gateway's profile update: it passes at once. */
export const maxWaitSeconds = 6 * 3600;

/** A driver, its site, and what must hold of both after every run. */
export interface DisturbedRig extends DriverRig {
  start: SiteEvidence;
  /** Pairs that the test itself moved along by hand. */
  byHand: string[];
  /** One run, with the invariant checked behind it. */
  run: (options?: Parameters<DriverRig["up"]>[0]) => Promise<UpResult>;
  /**
   * Resolves at the first request to the site, before it is answered, at which `is` holds: a moment that does not depend on
   * the machine's speed.
   */
  moment: (is: () => boolean) => Promise<void>;
  /** All that the invariant is judged by, as it is now. */
  question: () => Promise<InvariantQuestion>;
  /** Fails with every breach. */
  check: () => Promise<void>;
  /** The driver once more, with nothing in its way: it reaches the target. */
  reaches: (target: string) => Promise<UpResult>;
}

export async function disturbedRig(
  engineName: EngineName,
  route: { from: string; to: string; matrix?: string },
  /** `charts`: versions beside the route's whose charts are there too. */
  { charts = [] }: { charts?: readonly string[] } = {},
): Promise<DisturbedRig> {
  const moments = requestMoments();
  const driver = await driverRig(engineName, route, {}, { onRequest: moments.requested, charts });
  const start = siteEvidence(driver.rig.model());
  const edges = listEdges(loadMatrix(route.matrix ?? seed));
  const byHand: string[] = [];
  const question = async (): Promise<InvariantQuestion> => {
    const { verifiedHops = [] } = await driver.rig.engine.outputs();
    return {
      start,
      now: siteEvidence(driver.rig.model()),
      isSupported: (from, to) => edges.has(from, to),
      verified: verifiedHops as InvariantQuestion["verified"],
      byHand,
    };
  };
  const check = async (): Promise<void> => assert.deepEqual(breaches(await question()), []);
  const run = async (options: Parameters<DriverRig["up"]>[0] = {}): Promise<UpResult> => {
    const result = await driver.up({ patience: maxWaitSeconds, ...options });
    await check();
    return result;
  };
  return {
    ...driver,
    start,
    byHand,
    question,
    check,
    run,
    moment: moments.moment,
    reaches: async (target) => {
      const result = await run();
      assert.deepEqual([result.outcome, result.applied, result.remaining], ["done", target, []], describeEnd(result));
      return result;
    },
  };
}

function requestMoments(): { requested: () => void; moment: (is: () => boolean) => Promise<void> } {
  let waiting: { is: () => boolean; go: () => void }[] = [];
  return {
    requested: () => {
      const come = waiting.filter(({ is }) => is());
      waiting = waiting.filter((one) => !come.includes(one));
      for (const { go } of come) go();
    },
    moment: (is) => new Promise((go) => void waiting.push({ is, go })),
  };
}

/** The setting by which a person has a hop in progress finished. */
export function acceptHop(hop: string): string {
  const who = { because: "it is to be finished", ticket: "OPS-9", by: "ana", until: "2099-12-31" };
  return JSON.stringify([{ gate: "helm-release", subject: "*", code: "HOP_IN_PROGRESS", hop, ...who }]);
}

/** How a run ended: outcome, exit code, what is installed and proved. */
export function ended({ outcome, exitCode, applied }: UpResult): [string, number, string | null] {
  return [outcome, exitCode, applied];
}

/** `CODE: message` of each gate that stopped a run, and of each refusal. */
export function stopped({ gates, refusals }: UpResult): string[] {
  return [...gates.flatMap(({ reasons }) => reasons), ...refusals].map(({ code, message }) => `${code}: ${message}`);
}

export function describeEnd({ message, refusals, gates }: UpResult): string {
  return JSON.stringify({ message, refusals, gates }, null, 1);
}

/** `describe` for both engines; the real one is skipped, saying why, where it is not on PATH. */
export function onEachEngine(title: string, seconds: number, tests: (engineName: EngineName) => void): void {
  for (const engineName of listEngines()) {
    describe(`${title}: ${engineName} engine`, function () {
      this.timeout(seconds * 1000);
      before(function () {
        skipWithoutEngine(this, engineName);
      });
      tests(engineName);
    });
  }
}
