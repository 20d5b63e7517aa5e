import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGateCommand, type GateCommandOptions } from "../../../lib/cli/gate/gate-command.js";
import type { GateReport } from "../../../lib/gates/verdict/types.js";
import { startSimulatedSite } from "../../../packages/rehearsal/lib/site/server.js";
import type { FaultName, RunningSite } from "../../../packages/rehearsal/lib/types.js";
import { defaultGateSettings, formatGateSettings, type GateSettings } from "../../../lib/settings/gate-settings.js";

const repository = join(__dirname, "../../..");
const byHand = (change: Partial<GateCommandOptions> = {}): GateCommandOptions => ({
  when: "before",
  explain: false,
  output: "text",
  ...change,
});

const quiet = (): void => undefined;

describe("gateCommand", () => {
  let folder: string;
  const sites: RunningSite[] = [];

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "gate-command-"))));
  afterEach(async () => {
    for (const site of sites.splice(0)) await site.stop();
    rmSync(folder, { recursive: true });
  });

  async function startSite(...faults: FaultName[]): Promise<RunningSite> {
    const site = await startSimulatedSite({
      version: "4.6.41",
      edition: "palette",
      stateFile: null,
      faults: faults.map((name) => ({ name })),
      directory: folder,
    });
    sites.push(site);
    return site;
  }

  function settingsOf(site: RunningSite): GateSettings {
    const tenants = Object.entries(site.pcgs).map(([name, pcgs]) => ({ name, pcgs: [...pcgs] }));
    return {
      ...defaultGateSettings,
      kubernetes: { kubeconfig: site.kubeconfig, context: null },
      clusterUid: site.clusterUid,
      site: { ...defaultGateSettings.site, apiUrl: site.url },
      tenants,
    };
  }

  function environmentOf(site: RunningSite, change: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const settings = settingsOf(site);
    const keys = settings.tenants.map(({ name }, index) => [`PALETTE_API_KEY_${index}`, site.apiKeys[name]]);
    return {
      ...site.environment,
      ...(Object.fromEntries(keys) as NodeJS.ProcessEnv),
      TO: "4.7.20",
      PHASE: "before",
      PALETTE_GATE_SETTINGS: formatGateSettings(settings),
      ...change,
    };
  }

  it("--record keeps one look in a file of its owner's, and --judge says the same without the site", async () => {
    const site = await startSite();
    const file = join(folder, "look.json");
    const said: string[] = [];
    const live = await runGateCommand(
      "mongo",
      byHand({ record: file, output: "json" }),
      environmentOf(site),
      (line) => void said.push(line),
    );
    assert.deepEqual(said, [
      `Kept in ${file}; judge it anywhere with: palette-upgrade gate mongo-replica-set --judge ${file}`,
    ]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const offline = await runGateCommand("mongo", byHand({ judge: file, output: "json" }), {}, quiet);
    assert.deepEqual(JSON.parse(offline.text), JSON.parse(live.text));
    assert.deepEqual([live.exitCode, offline.exitCode], [0, 0]);
    for (const key of Object.values(site.apiKeys)) assert.ok(!readFileSync(file, "utf8").includes(key));
  });

  describe("refuses, exit 2, before anything is asked of a site", () => {
    const table: [string, string, Partial<GateCommandOptions>, NodeJS.ProcessEnv, RegExp][] = [
      ["a gate nobody knows", "mongoo", { to: "4.7.20" }, {}, /^gate: "mongoo" is not known\.$/],
      ["no destination", "rollout", {}, {}, /^--to: the destination of the hop is missing\.$/],
      ["a destination that is no version", "rollout", { to: "4.7" }, {}, /^--to: "4\.7" is not a Palette version\.$/],
      [
        "a settings file that is not there",
        "rollout",
        { to: "4.7.20", settings: "nowhere.json" },
        {},
        /^--settings: nowhere\.json cannot be read: ENOENT/,
      ],
      [
        "a saved document that is not there",
        "rollout",
        { judge: "x.json" },
        {},
        /^--judge: x\.json cannot be read: ENOENT/,
      ],
      [
        "a record where there is a file already",
        "rollout",
        { to: "4.7.20", record: "package.json" },
        {},
        /^--record: package\.json is there already, and no record is written over\.$/,
      ],
      [
        "a record of a gate whose answers may hold secrets",
        "values",
        { to: "4.7.20", record: "never-written.json" },
        {},
        /^--record: values cannot be recorded: it compares the values that Helm stores/,
      ],
      [
        "a Command's environment without settings",
        "rollout",
        {},
        { TO: "4.7.20", PHASE: "after" },
        /^PALETTE_GATE_SETTINGS: it is missing\.$/,
      ],
    ];
    for (const [title, name, options, environment, message] of table) {
      it(title, async () => {
        await assert.rejects(runGateCommand(name, byHand(options), environment), { message, exitCode: 2 });
      });
    }

    it("a settings file with a key too many, which it names", async () => {
      const file = join(folder, "settings.json");
      writeFileSync(file, JSON.stringify({ rootDomian: "x" }));

      await assert.rejects(runGateCommand("rollout", byHand({ to: "4.7.20", settings: file }), {}), {
        message: /rootDomian/,
        exitCode: 2,
      });
    });
  });

  it("explains a gate without a site", async () => {
    const { text, exitCode } = await runGateCommand("mongo", byHand({ explain: true }), {});

    assert.equal(exitCode, 0);
    assert.match(text, /^mongo-replica-set: passes after 3 passing samples in a row/);
  });

  for (const name of ["helm-release", "rollout", "kubernetes-version", "pcg-readiness", "mongo"]) {
    it(`as a Command does, ${name} passes on a healthy site and prints one line of evidence`, async () => {
      const site = await startSite();
      const { text, exitCode } = await runGateCommand(name, byHand(), environmentOf(site), quiet);
      const report = JSON.parse(text) as GateReport;

      assert.deepEqual([exitCode, report.outcome, report.from, report.to], [0, "pass", "4.6.41", "4.7.20"]);
      assert.ok(text.startsWith('{"gate":') && !text.includes("\n"));
      for (const key of Object.values(site.apiKeys)) assert.equal(text.includes(key), false);
    });
  }

  const faults: [FaultName, string, string, string, exitCode?: number][] = [
    ["wrong-cluster", "rollout", "fail", "CLUSTER_MISMATCH"],
    ["pcg-paused", "pcg-readiness", "fail", "PCG_PAUSED"],
    ["pcg-agent-stale", "pcg-readiness", "fail", "DEADLINE"],
    ["pcg-profile-update-waiting", "pcg-readiness", "fail", "PCG_PROFILE_UPDATE_PENDING", 5],
    ["tenant-not-covered", "pcg-readiness", "unknown", "PCG_NOT_LISTED"],
    ["two-primaries", "mongo", "fail", "TWO_PRIMARIES"],
    ["api-500", "pcg-readiness", "unknown", "SITE_ERROR"],
    ["api-429", "pcg-readiness", "unknown", "SITE_THROTTLED"],
    ["api-connection-cut", "pcg-readiness", "unknown", "SITE_UNREACHABLE"],
  ];
  for (const [fault, name, outcome, code, expected = 3] of faults) {
    it(`with fault ${fault}, ${name} is ${outcome} with ${code}, exit ${expected}`, async () => {
      const site = await startSite(fault);
      const { text, exitCode } = await runGateCommand(name, byHand(), environmentOf(site), quiet);
      const report = JSON.parse(text) as GateReport;

      assert.deepEqual([exitCode, report.outcome, report.reasons[0]?.code], [expected, outcome, code]);
    });
  }

  it("by hand: settings from a file over the defaults, kubeconfig beside it, words for a person", async () => {
    const site = await startSite();
    const file = join(folder, "settings.json");
    writeFileSync(file, JSON.stringify({ pcg: { none: true }, rollout: { interval: "1s" } }));
    const options = byHand({ to: "4.7.20", settings: file, kubeconfig: site.kubeconfig });
    const { text, exitCode } = await runGateCommand("rollout", options, { ...site.environment, TO: "9.9.9" }, quiet);

    assert.deepEqual([text, exitCode], ["Gate rollout (before 4.6.41 -> 4.7.20): pass, after 2 samples.", 0]);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`${signal} ends a waiting gate at once with 130 and no evidence`, async () => {
      const site = await startSite("pcg-agent-stale");
      // Without coverage: writing it at the end is not the gate's time.
      const environment = { ...process.env, ...environmentOf(site), PALETTE_REHEARSAL: "", NODE_V8_COVERAGE: "" };
      const child = spawn(process.execPath, ["--import", "tsx", "bin/palette-upgrade.ts", "gate", "pcg-readiness"], {
        cwd: repository,
        env: environment,
      });
      let stdout = "";
      child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
      const stderr = await new Promise<string>((resolve) =>
        child.stderr.once("data", (data: Buffer) => resolve(data.toString())),
      );
      const sentAt = Date.now();
      child.kill(signal);
      const exitCode = await new Promise((resolve) => child.once("close", resolve));

      assert.match(stderr, /^pcg-readiness: waiting until .*: PCG acme\/[a-z-]+: last heartbeat is of /);
      assert.deepEqual([exitCode, stdout], [130, ""]);
      assert.ok(Date.now() - sentAt < 5000, `took ${Date.now() - sentAt} ms`);
    });
  }
});
