import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { pcgReadinessGate } from "../../../lib/gates/pcg-readiness/gate.js";
import { runGate } from "../../../lib/gates/run/runner.js";
import { type Verdict } from "../../../lib/gates/verdict/types.js";
import { type Overlord, type TenantApi } from "../../../lib/site/types.js";
import {
  at,
  FakeClock,
  fakeSite,
  type FakeTenant,
  inputFor,
  neverAborted,
  overlord,
  profileDigestOf,
  settingsFor,
  tenantApi,
} from "../fake-site.js";
import { defaultGateSettings } from "../../../lib/settings/gate-settings.js";

type Change = Parameters<typeof inputFor>[0];

async function judge(pcgs: Overlord[], more: Partial<FakeTenant> = {}, change: Change = {}): Promise<Verdict> {
  const tenants = [tenantApi({ tenant: "acme", overlords: () => pcgs, ...more })];
  return judgeTenants(tenants, change);
}

async function judgeTenants(tenants: TenantApi[], change: Change = {}): Promise<Verdict> {
  return pcgReadinessGate.sample(
    inputFor({ site: fakeSite({ tenants }), clock: new FakeClock(at(4)), ...change }),
    neverAborted,
  );
}

const system = overlord({
  name: "System Private Gateway",
  isSystem: true,
  state: "",
  health: "",
  lastHeartbeat: null,
  agentVersion: "",
});

describe("gate pcg-readiness", () => {
  // PCG acme/pcg-1 before 4.6.41 -> 4.7.20; heartbeat at 08:00, now 08:04, at most 300 s old.
  const table: [string, Overlord[], Partial<FakeTenant>, string, string[]][] = [
    ["healthy", [overlord()], {}, "pass", []],
    ["the system gateway is left out", [overlord(), system], {}, "pass", []],
    [
      "an existing-cluster PCG is never asked for profile updates",
      [overlord({ isSelfHosted: true, updateAvailable: true })],
      { updates: () => ["p"] },
      "pass",
      ["NOTE"],
    ],
    ["provisioning", [overlord({ state: "Provisioning" })], {}, "wait", ["PCG_NOT_RUNNING"]],
    ["deleting", [overlord({ state: "Deleting" })], {}, "fail", ["PCG_NOT_RUNNING"]],
    ["a state nobody has heard of", [overlord({ state: "Paused" })], {}, "unknown", ["PCG_NOT_RUNNING"]],
    ["unhealthy", [overlord({ health: "UnHealthy" })], {}, "wait", ["PCG_UNHEALTHY"]],
    ["health not reported", [overlord({ health: "" })], {}, "unknown", ["PCG_HEALTH_UNKNOWN"]],
    ["heartbeat 300 s old", [overlord({ lastHeartbeat: at(-1) })], {}, "pass", []],
    ["heartbeat 301 s old", [overlord({ lastHeartbeat: at(-1 - 1 / 60) })], {}, "wait", ["PCG_HEARTBEAT_STALE"]],
    ["no heartbeat ever", [overlord({ lastHeartbeat: null })], {}, "wait", ["PCG_HEARTBEAT_STALE"]],
    ["a heartbeat that is no time", [overlord({ lastHeartbeat: "soon" })], {}, "wait", ["PCG_HEARTBEAT_STALE"]],
    ["no agent version", [overlord({ agentVersion: "" })], {}, "unknown", ["PCG_AGENT_UNKNOWN"]],
    ["a pending profile update", [overlord()], { updates: () => ["infra"] }, "fail", ["PCG_PROFILE_UPDATE_PENDING"]],
    ["a notification without names", [overlord({ updateAvailable: true })], {}, "fail", ["PCG_PROFILE_UPDATE_PENDING"]],
    ["a variable without a value", [overlord({ variablesPending: true })], {}, "fail", ["PCG_VARIABLE_PENDING"]],
    [
      "a variable without a value beside the update that needs it",
      [overlord({ variablesPending: true })],
      { updates: () => ["infra"] },
      "fail",
      ["PCG_VARIABLE_PENDING", "PCG_PROFILE_UPDATE_PENDING"],
    ],
    [
      "an existing-cluster PCG has no variables to fill in",
      [overlord({ isSelfHosted: true, variablesPending: true })],
      {},
      "pass",
      ["NOTE"],
    ],
    ["paused by its own flag", [overlord({ paused: true })], {}, "fail", ["PCG_PAUSED"]],
    ["cluster updates paused", [overlord()], { clusterPaused: () => true }, "fail", ["PCG_PAUSED"]],
    ["paused by both", [overlord({ paused: true })], { clusterPaused: () => true }, "fail", ["PCG_PAUSED"]],
    ["pause not reported", [overlord()], { clusterPaused: () => null }, "unknown", ["PCG_PAUSE_UNKNOWN"]],
    [
      "paused at both scopes: each is told",
      [overlord({ paused: true })],
      { platformPaused: () => true },
      "fail",
      ["PCG_PAUSED", "TENANT_PAUSED"],
    ],
    ["a listed PCG is missing", [], {}, "unknown", ["PCG_MISSING"]],
    ["an unlisted one is found", [overlord(), overlord({ name: "pcg-9" })], {}, "unknown", ["PCG_NOT_LISTED"]],
    ["two of one name", [overlord(), overlord({ uid: "u-2" })], {}, "unknown", ["PCG_AMBIGUOUS"]],
    [
      "a proved fault outweighs what is unknown; all is told",
      [overlord({ paused: true, health: "" }), overlord({ name: "pcg-9" })],
      {},
      "fail",
      ["PCG_PAUSED", "PCG_NOT_LISTED", "PCG_HEALTH_UNKNOWN"],
    ],
  ];
  for (const [title, pcgs, more, outcome, codes] of table) {
    it(`${outcome}: ${title}`, async () => {
      const verdict = await judge(pcgs, more);

      assert.deepEqual([verdict.outcome, verdict.reasons.map(({ code }) => code)], [outcome, codes]);
    });
  }

  it("a pass records agent versions and the live version", async () => {
    const observed = (await judge([overlord()])).observed;

    assert.deepEqual(observed, {
      live: "4.6.41",
      agents: { "acme/pcg-1": "4.5.3" },
      profiles: { "acme/pcg-1": profileDigestOf() },
    });
  });

  it("says where a person approves a profile update, and that host clusters are not affected", async () => {
    const verdict = await judge([overlord()], { updates: () => ["vsphere-infra", "addon"] });

    assert.deepEqual(verdict.reasons, [
      {
        code: "PCG_PROFILE_UPDATE_PENDING",
        member: "acme/pcg-1",
        message:
          "PCG acme/pcg-1: a cluster profile update waits for approval (addon, vsphere-infra), expected none before a hop. A person " +
          "approves it in Palette: Tenant Settings > Private Cloud Gateways > the gateway > Updates, review the changes, then Confirm " +
          "updates. One gateway at a time; its host clusters are not affected.",
      },
    ]);
  });

  it("says whose switch a pause is", async () => {
    const verdict = await judge([overlord({ paused: true })], { platformPaused: () => true });

    assert.equal(
      verdict.reasons[1]?.message,
      "PCG acme/pcg-1: tenant acme has platform updates paused, so its agent is not updated. A person resumes them in Palette: " +
        "Tenant Settings > Platform Settings > Pause Platform Upgrades.",
    );
  });

  describe("coverage", () => {
    it("no tenants and not reported that there is none: unknown", async () => {
      const verdict = await judgeTenants([], { settings: settingsFor({ tenants: [] }) });

      assert.deepEqual([verdict.outcome, verdict.reasons[0]?.code], ["unknown", "TENANTS_NOT_COVERED"]);
    });

    it("told that there is none: pass", async () => {
      const verdict = await judgeTenants([], {
        settings: settingsFor({ tenants: [], pcg: { ...defaultGateSettings.pcg, none: true } }),
      });

      assert.equal(verdict.outcome, "pass");
    });

    const denied = settingsFor({
      tenants: [{ name: "acme", pcgs: [] }],
      pcg: { ...defaultGateSettings.pcg, none: true },
    });

    it("a PCG that a tenant has contradicts that there is none, system gateways apart", async () => {
      const acme = tenantApi({
        tenant: "acme",
        overlords: () => [overlord(), overlord({ name: "System Private Gateway", isSystem: true })],
      });
      const verdict = await judgeTenants([acme], { settings: denied });

      assert.deepEqual(
        [verdict.outcome, verdict.reasons],
        [
          "fail",
          [
            {
              code: "PCG_NONE_CONTRADICTED",
              member: "acme/pcg-1",
              message:
                "Tenant acme has a PCG pcg-1, but palette:pcg.none says that no tenant has one. Remove palette:pcg.none and list " +
                "pcg-1 under tenant acme in palette:tenants, so that it is looked at.",
            },
          ],
        ],
      );
    });

    it("negative twin: a tenant without one confirms it", async () => {
      const acme = tenantApi({ tenant: "acme", overlords: () => [] });
      assert.equal((await judgeTenants([acme], { settings: denied })).outcome, "pass");
    });

    it("negative twin: a tenant that cannot be asked is unknown, whatever is said", async () => {
      const silent = {
        ...tenantApi({ tenant: "acme", overlords: () => [] }),
        overlords: () => Promise.reject(new SiteError("forbidden", "its key")),
      };
      const { outcome, reasons } = await judgeTenants([silent], { settings: denied });
      assert.deepEqual([outcome, reasons[0]?.code], ["unknown", "FORBIDDEN"]);
    });

    it("without that word, one that is not listed is unknown", async () => {
      const acme = tenantApi({ tenant: "acme", overlords: () => [overlord()] });
      const settings = settingsFor({ tenants: [{ name: "acme", pcgs: [] }] });
      const { outcome, reasons } = await judgeTenants([acme], { settings });
      assert.deepEqual([outcome, reasons.map(({ code }) => code)], ["unknown", ["PCG_NOT_LISTED"]]);
    });

    for (const kind of ["unauthorized", "forbidden"] as const) {
      it(`a key that is ${kind} is unknown at once and names the tenant`, async () => {
        const refusing = {
          ...tenantApi({ tenant: "acme", overlords: () => [] }),
          overlords: () => Promise.reject(new SiteError(kind, `tenant acme's key`)),
        };
        const verdict = await judgeTenants([refusing]);

        assert.deepEqual(
          verdict.reasons,
          [
            {
              code: kind.toUpperCase(),
              member: "acme",
              message: "The PCGs of tenant acme could not be listed: tenant acme's key",
            },
            { code: "PCG_MISSING", member: "acme/pcg-1", message: verdict.reasons[1]?.message },
          ].slice(0, verdict.reasons.length),
        );
        assert.deepEqual([verdict.outcome, verdict.transient], ["unknown", undefined]);
      });
    }

    it("too many requests are asked again; with another fault beside them they are not", async () => {
      const throttled = (): Promise<never> => Promise.reject(new SiteError("throttled", "429"));
      const acme = { ...tenantApi({ tenant: "acme", overlords: () => [] }), overlords: throttled };
      const globex = tenantApi({ tenant: "globex", overlords: () => [] });
      const both = settingsFor({
        tenants: [
          { name: "acme", pcgs: ["pcg-1"] },
          { name: "globex", pcgs: ["pcg-2"] },
        ],
      });

      assert.equal((await judgeTenants([acme])).transient, true);
      assert.equal((await judgeTenants([acme, globex], { settings: both })).transient, undefined);
    });

    it("one PCG only is judged where asked so, with its own tenant's coverage", async () => {
      const settings = settingsFor({
        tenants: [
          { name: "acme", pcgs: ["pcg-1", "pcg-2"] },
          { name: "globex", pcgs: ["x"] },
        ],
      });
      const tenants = [
        tenantApi({ tenant: "acme", overlords: () => [overlord(), overlord({ name: "pcg-2", paused: true })] }),
      ];
      const one = await judgeTenants(tenants, { settings, only: "acme/pcg-1" });
      const two = await judgeTenants(tenants, { settings, only: "acme/pcg-2" });
      const unlisted = await judgeTenants(tenants, { settings, only: "acme/pcg-3" });

      assert.deepEqual([one.outcome, two.outcome, unlisted.outcome], ["pass", "fail", "unknown"]);
      assert.deepEqual(one.observed, {
        live: "4.6.41",
        agents: { "acme/pcg-1": "4.5.3" },
        profiles: { "acme/pcg-1": profileDigestOf() },
      });
    });
  });

  it("before a patch everything is told and nothing held up, unknown or not", async () => {
    const patch = { from: "4.6.36", to: "4.6.41" };
    const paused = await judge([overlord({ paused: true })], {}, patch);
    const missing = await judge([], {}, patch);

    assert.deepEqual([paused.outcome, missing.outcome], ["pass", "pass"]);
    assert.deepEqual(
      paused.reasons.map(({ code }) => code),
      ["NOTE"],
    );
    assert.match(paused.reasons[0]!.message, /^PCG_PAUSED: PCG acme\/pcg-1: /);
    assert.match(missing.reasons[0]!.message, /^PCG_MISSING: /);
  });

  it("waits ten minutes for a heartbeat, then fails and says so", async () => {
    const tenants = [tenantApi({ tenant: "acme", overlords: () => [overlord({ lastHeartbeat: at(-60) })] })];
    const report = await runGate(pcgReadinessGate, inputFor({ site: fakeSite({ tenants }) }));

    assert.deepEqual(
      [report.outcome, report.reasons.map(({ code }) => code)],
      ["fail", ["DEADLINE", "PCG_HEARTBEAT_STALE"]],
    );
    assert.equal(report.finishedAt, at(10));
  });
});
