import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGateCommand } from "../../../../lib/cli/gate/gate-command.js";
import type { GateReport } from "../../../../lib/gates/verdict/types.js";
import { startSimulatedSite } from "../../../../packages/rehearsal/lib/site/server.js";
import type { RunningSite } from "../../../../packages/rehearsal/lib/types.js";
import { startWireSet, type WireSet } from "../../../fixtures/mongo/wire/replica-set.js";

describe("gate mongo by hand, with an external MongoDB", function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), "external-"));
  let site: RunningSite;
  let set: WireSet;

  before(async () => {
    const about = { version: "4.6.41", edition: "palette", stateFile: null, faults: [], directory: folder } as const;
    site = await startSimulatedSite({ ...about, faults: [] });
  });
  beforeEach(async () => {
    set = await startWireSet({ names: "address", user: "gate", password: "planted/p@ss:w%rd" });
  });
  afterEach(() => set.close());
  after(async () => {
    await site.stop();
    rmSync(folder, { recursive: true });
  });

  /** Everything that is shown, and how it ended. */
  const run = async (
    uri: string,
    mongo: object = {},
  ): Promise<{ report: GateReport; exitCode: number; shown: string }> => {
    const settings = join(folder, "settings.json");
    writeFileSync(settings, JSON.stringify({ pcg: { none: true }, mongo: { external: true, ...mongo } }));
    const lines: string[] = [];
    const options = { when: "before", explain: false, output: "json", to: "4.7.20", settings, kubeconfig: site.kubeconfig } as const; // prettier-ignore
    const environment = { ...site.environment, PALETTE_MONGO_URI: uri };
    const { text, exitCode } = await runGateCommand("mongo", options, environment, (line) => lines.push(line));
    return { report: JSON.parse(text) as GateReport, exitCode, shown: [text, ...lines].join("\n") };
  };
  const uri = (): string => {
    const hosts = set.members.map(({ host, port }) => `${host}:${port}`).join(",");
    return `mongodb://gate:${encodeURIComponent(set.password)}@${hosts}/?authSource=admin`;
  };
  const secret = /planted|p%40ss/;

  it("passes after three looks, the connection string from the environment, and shows nothing of it", async () => {
    const { report, exitCode, shown } = await run(uri());
    assert.deepEqual([report.outcome, report.samples, exitCode], ["pass", 3, 0]);
    assert.deepEqual((report.observed as Record<string, unknown>)["expectedMembers"], 3);
    assert.doesNotMatch(shown, secret);
  });

  it("is held up by a member that is down until the deadline, and shows nothing of the login", async () => {
    await set.members[2]!.close();
    const { report, exitCode, shown } = await run(uri(), { deadline: "55s", interval: "50s" });
    assert.deepEqual([report.outcome, report.reasons[0]?.code, exitCode], ["fail", "DEADLINE", 3]);
    assert.ok(report.reasons.some(({ code }) => code === "COMMAND_FAILED"));
    assert.doesNotMatch(shown, secret);
  });

  it("is unknown without one, and says how it is passed", async () => {
    const { report, exitCode } = await run("");
    assert.deepEqual([report.outcome, report.reasons[0]?.code, exitCode], ["unknown", "MONGO_URI_INVALID", 3]);
    assert.match(report.reasons[0]!.message, /put it into the environment as PALETTE_MONGO_URI/);
  });
});
