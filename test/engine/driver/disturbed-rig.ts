import assert from "node:assert/strict";
import { edgesOf } from "../../../lib/matrix/lookup.js";
import { loadMatrix } from "../../../lib/matrix/load.js";
import type { UpResult } from "../../../lib/upgrade/up-result.js";
import { driverRig, type DriverRig } from "../support/driver-rig.js";
import type { EngineName } from "../support/program-rig.js";
import { missingForRealEngine } from "../support/real-trial.js";
import { siteEvidence, type SiteEvidence } from "./evidence.js";
import { breaches } from "./invariant.js";

export const seed = "palette-kubernetes-4.7.20";

/** Site time, for the person who approves a gateway's profile update: it passes at once. */
export const patienceSeconds = 6 * 3600;

/** A driver, its site, and what must hold of both after every run. */
export interface DisturbedRig extends DriverRig {
  start: SiteEvidence;
  /** Pairs that the test itself moved along by hand. */
  byHand: string[];
  /** One run, with the invariant checked behind it. */
  run: (options?: Parameters<DriverRig["up"]>[0]) => Promise<UpResult>;
  /** Resolves when the site has got so many requests more: a moment that does not depend on the machine's speed. */
  requests: (more: number) => Promise<void>;
  /** Fails with every breach. */
  check: () => Promise<void>;
  /** The driver once more, with nothing in its way: it reaches the target. */
  reaches: (target: string) => Promise<UpResult>;
}

export async function disturbedRig(
  engineName: EngineName,
  road: { from: string; to: string; matrix?: string },
): Promise<DisturbedRig> {
  const requests = requestCounter();
  const driver = await driverRig(engineName, road, {}, { onRequest: requests.count });
  const start = siteEvidence(driver.rig.model());
  const edges = edgesOf(loadMatrix(road.matrix ?? seed));
  const byHand: string[] = [];
  const check = async (): Promise<void> => {
    const { verifiedHops = [] } = await driver.rig.engine.outputs();
    const found = breaches({
      start,
      now: siteEvidence(driver.rig.model()),
      isSupported: (from, to) => edges.has(from, to),
      verified: verifiedHops as { to: string; verifiedAt: string }[],
      byHand,
    });
    assert.deepEqual(found, []);
  };
  const run = async (options: Parameters<DriverRig["up"]>[0] = {}): Promise<UpResult> => {
    const result = await driver.up({ patience: patienceSeconds, ...options });
    await check();
    return result;
  };
  return {
    ...driver,
    start,
    byHand,
    check,
    run,
    requests: requests.after,
    reaches: async (target) => {
      const result = await run();
      assert.deepEqual([result.outcome, result.applied, result.remaining], ["done", target, []], toldBy(result));
      return result;
    },
  };
}

function requestCounter(): { count: () => void; after: (more: number) => Promise<void> } {
  let seen = 0;
  let waiting: { at: number; go: () => void }[] = [];
  return {
    count: () => {
      seen += 1;
      for (const { at, go } of waiting) if (at <= seen) go();
      waiting = waiting.filter(({ at }) => at > seen);
    },
    after: (more) => new Promise((go) => void waiting.push({ at: seen + more, go })),
  };
}

export function toldBy({ message, refusals, gates }: UpResult): string {
  return JSON.stringify({ message, refusals, gates }, null, 1);
}

/** `describe` for both engines; the real one is skipped, saying why, where it is not on PATH. */
export function onEachEngine(title: string, seconds: number, tests: (engineName: EngineName) => void): void {
  const plugins = ["pulumi-language-nodejs", "pulumi-resource-command", "pulumi-resource-kubernetes"];
  for (const engineName of ["embedded", "pulumi"] as EngineName[]) {
    describe(`${title}: ${engineName} engine`, function () {
      this.timeout(seconds * 1000);
      before(function () {
        const missing = engineName === "pulumi" ? missingForRealEngine(plugins) : null;
        if (missing === null) return;
        process.stdout.write(`      skipped: ${missing}\n`);
        this.skip();
      });
      tests(engineName);
    });
  }
}
