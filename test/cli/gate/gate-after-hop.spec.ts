import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGateCommand } from "../../../lib/cli/gate/gate-command.js";
import type { GateReport } from "../../../lib/gates/verdict/types.js";
import { beginUpgrade, finishRevision } from "../../../packages/rehearsal/lib/helm-storage.js";
import { createSiteClock } from "../../../lib/program/rehearsal/site-clock.js";
import { startSimulatedSite } from "../../../packages/rehearsal/lib/site/server.js";
import type { FaultName, RunningSite } from "../../../packages/rehearsal/lib/types.js";
import { defaultGateSettings, formatGateSettings } from "../../../lib/settings/gate-settings.js";
import type { Version } from "../../../lib/planning/version/version.js";

const options = { when: "before", explain: false, output: "text" } as const;

/** Gates as Commands run them around one hop of the simulated site: readiness before it, roll-out and catch-up after it. */
describe("gates around a hop of the simulated site", () => {
  let folder: string;
  let site: RunningSite | null = null;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "gate-after-"))));
  afterEach(async () => {
    await site?.stop();
    rmSync(folder, { recursive: true });
  });

  async function hop(
    from: Version,
    to: Version,
    ...faults: FaultName[]
  ): Promise<{ rollout: GateReport; catchUp: GateReport }> {
    site = await startSimulatedSite({
      version: from,
      edition: "palette",
      stateFile: null,
      faults: faults.map((name) => ({ name })),
      directory: folder,
    });
    const readiness = await gate("pcg-readiness", to, "before");
    await upgrade(site, to);
    const rollout = await gate("rollout", to, "after");
    if (rollout.outcome !== "pass") return { rollout, catchUp: rollout };
    return { rollout, catchUp: await gate("pcg-catch-up", to, "after", { READINESS: JSON.stringify(readiness) }) };
  }

  async function gate(name: string, to: Version, phase: string, extra: NodeJS.ProcessEnv = {}): Promise<GateReport> {
    const { url, kubeconfig, clusterUid, pcgs, apiKeys, environment } = site!;
    const tenants = Object.entries(pcgs).map(([tenant, names]) => ({ name: tenant, pcgs: [...names] }));
    const settings = {
      ...defaultGateSettings,
      kubernetes: { kubeconfig, context: null },
      clusterUid,
      site: { ...defaultGateSettings.site, apiUrl: url },
      tenants,
    };
    const keys = Object.fromEntries(tenants.map((tenant, index) => [`PALETTE_API_KEY_${index}`, apiKeys[tenant.name]]));
    const env = {
      ...environment,
      ...keys,
      TO: to,
      PHASE: phase,
      PALETTE_GATE_SETTINGS: formatGateSettings(settings),
      ...extra,
    };
    return JSON.parse((await runGateCommand(name, options, env, () => undefined)).text) as GateReport;
  }

  async function upgrade({ url, environment }: RunningSite, to: Version): Promise<void> {
    const clock = createSiteClock(environment["PALETTE_REHEARSAL"]!);
    const now = async (): Promise<string> => (await clock.now()).toISOString();
    const chart = { name: "spectro-mgmt-plane", version: to, appVersion: to };
    const begun = await beginUpgrade(
      { url },
      {
        name: "hubble",
        namespace: "default",
        chart,
        values: {},
        description: `Palette ${to}`,
        maxHistory: 10,
        now: await now(),
      },
    );
    await finishRevision({ url }, begun, { status: "deployed" }, await now());
  }

  const minutesOf = ({ startedAt, finishedAt }: GateReport): number =>
    (Date.parse(finishedAt) - Date.parse(startedAt)) / 60_000;

  it("4.5.23 -> 4.6.41: rolled out, agents new, within the hour", async () => {
    const { rollout, catchUp } = await hop("4.5.23", "4.6.41");

    assert.deepEqual([rollout.outcome, catchUp.outcome], ["pass", "pass"], JSON.stringify(catchUp.reasons));
    assert.deepEqual([catchUp.from, catchUp.to], ["4.5.23", "4.6.41"]);
    assert.ok(minutesOf(catchUp) >= 15 && minutesOf(catchUp) <= 60, `took ${minutesOf(catchUp)} minutes`);
    assert.ok(catchUp.reasons.some(({ message }) => / agent \S+ -> \S+\.$/.test(message)));
  });

  it("4.2.7 -> 4.2.13: a patch offers no new agent, and passes 30 minutes after the roll-out", async () => {
    const { catchUp } = await hop("4.2.7", "4.2.13");

    assert.equal(catchUp.outcome, "pass", JSON.stringify(catchUp.reasons));
    assert.ok(
      catchUp.reasons.some(({ message }) => message.includes("no new agent offered in 30 minutes after 4.2.13")),
    );
  });

  it("a roll-out that sticks names the pod and its reason", async () => {
    const { rollout } = await hop("4.5.23", "4.6.41", "rollout-stuck");

    assert.deepEqual([rollout.outcome, rollout.reasons[0]?.code], ["fail", "ROLLOUT_STUCK"]);
    assert.match(rollout.reasons[0]!.message, /pod \S+, container \S+: ImagePullBackOff, not ready for \d+ \w+/);
  });
});
