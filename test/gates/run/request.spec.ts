import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { type GateRequest, parseGateRequest, runGateRequest, toExitCode } from "../../../lib/gates/run/request.js";
import { getGateByName, listImplementedGates } from "../../../lib/gates/registry.js";
import { type GateReport } from "../../../lib/gates/verdict/types.js";
import { type Site } from "../../../lib/site/types.js";
import {
  arrived,
  at,
  FakeClock,
  fakeSite,
  overlord,
  profileDigestOf,
  revision,
  settingsFor,
  tenantApi,
} from "../fake-site.js";

describe("runGateRequest", () => {
  const request = (change: Partial<GateRequest> = {}): GateRequest => ({
    to: "4.7.20",
    when: "before",
    settings: settingsFor(),
    secrets: { apiKeys: ["tenant-key-4711"], mongoUri: "", chartsPassword: "" },
    baseline: {},
    only: null,
    ingressProvedAt: null,
    ...change,
  });
  const run = (name: string, site: Site, change: Partial<GateRequest> = {}): Promise<GateReport> =>
    runGateRequest(getGateByName(name), request(change), { connect: () => site, clock: new FakeClock() });

  it("reports the edge it found, and gate first: that is how a driver finds the line", async () => {
    const report = await run("kubernetes-version", fakeSite());

    assert.deepEqual([report.from, report.to, report.outcome, toExitCode(report)], ["4.6.41", "4.7.20", "pass", 0]);
    assert.ok(JSON.stringify(report).startsWith('{"gate":"kubernetes-version"'));
  });

  it("a fault of the network that goes away is no failure", async () => {
    let left = 2;
    const site = fakeSite(
      {},
      { clusterUid: () => (left-- > 0 ? new SiteError("network", "cut") : undefined) as never },
    );

    const report = await run("kubernetes-version", site);

    assert.deepEqual([report.outcome, report.samples], ["pass", 3]);
  });

  it("a fault that stays is unknown at the deadline: exit 3", async () => {
    const report = await run(
      "kubernetes-version",
      fakeSite({}, { serverVersion: () => new SiteError("server", "500") }),
    );

    assert.deepEqual([report.outcome, report.reasons[0]?.code, toExitCode(report)], ["unknown", "SITE_ERROR", 3]);
  });

  it("helm-release is judged even where nothing moves", async () => {
    const site = fakeSite({
      revisions: [...arrived("4.5.23", "4.6.41"), revision({ revision: 3, chartVersion: "4.7.20", status: "failed" })],
    });

    const report = await run("helm-release", site, { to: "4.6.41" });

    assert.deepEqual([report.outcome, report.reasons[0]?.code], ["fail", "HOP_BEGUN"]);
  });

  it("readiness records agents even where nothing moves, with faults as remarks", async () => {
    const tenants = [
      tenantApi({ tenant: "acme", overlords: () => [overlord({ paused: true, lastHeartbeat: at(0) })] }),
    ];

    const report = await run("pcg-readiness", fakeSite({ tenants }), { to: "4.6.41" });

    assert.equal(report.outcome, "pass");
    assert.deepEqual(report.observed, {
      live: "4.6.41",
      agents: { "acme/pcg-1": "4.5.3" },
      profiles: { "acme/pcg-1": profileDigestOf() },
    });
    assert.deepEqual(
      report.reasons.map(({ code }) => code),
      ["NOT_APPLICABLE", "NOTE"],
    );
    assert.match(report.reasons[1]!.message, /^PCG_PAUSED: /);
  });

  for (const name of listImplementedGates().filter((each) => !each.startsWith("mongo"))) {
    it(`${name} never shows an API key, whatever the site echoes`, async () => {
      const key = request().secrets.apiKeys[0]!;
      const echo = (): Error => new SiteError("malformed", `strange answer to "ApiKey: ${key}"`);
      const tenants = [
        { ...tenantApi({ tenant: "acme", overlords: () => [] }), overlords: () => Promise.reject(echo()) },
      ];
      const site = fakeSite(
        { tenants },
        {
          workloads: echo,
          serverVersion: echo,
          serviceAddresses: echo,
          helmValues: echo,
          helmChart: echo,
          helmRevisions: name === "helm-release" ? echo : (): never => undefined as never,
        },
      );

      const report = await run(name, site, { settings: settingsFor({ rootDomain: "p.example" }) });

      const text = JSON.stringify(report);
      assert.equal(text.includes(key), false);
      assert.ok(text.includes("<redacted>") || text.includes("NOT_APPLICABLE"));
    });
  }
});

describe("the environment of a gate's process", () => {
  const settings = JSON.stringify(settingsFor());
  const valid = { TO: "4.7.20", PHASE: "before", PALETTE_GATE_SETTINGS: settings, PALETTE_API_KEY_0: "k" };

  it("is read: destination, phase, settings, keys by tenant", () => {
    const MEASURED = JSON.stringify([{ change: "minor", minutes: 56 }]);
    assert.deepEqual(parseGateRequest({ ...valid, MEASURED }).measured, [{ change: "minor", minutes: 56 }]);
    assert.equal(parseGateRequest(valid).measured, undefined);
    const { to, when, secrets, baseline, only } = parseGateRequest(valid);

    assert.deepEqual(
      { to, when, apiKeys: secrets.apiKeys, baseline, only },
      { to: "4.7.20", when: "before", apiKeys: ["k"], baseline: {}, only: null },
    );
  });

  it("takes the readiness before the hop as baseline, over what was recorded", () => {
    const readiness = (live: string): string =>
      JSON.stringify({ observed: { live, agents: { "acme/pcg-1": "4.5.9" } } });
    const BASELINE = JSON.stringify({ "acme/pcg-1": "4.5.3", "acme/pcg-2": "4.5.3" });

    assert.deepEqual(parseGateRequest({ ...valid, BASELINE, READINESS: readiness("4.6.41") }).baseline, {
      "acme/pcg-1": "4.5.9",
      "acme/pcg-2": "4.5.3",
    });
    assert.deepEqual(
      parseGateRequest({ ...valid, BASELINE, READINESS: readiness("4.7.20") }).baseline,
      JSON.parse(BASELINE),
      "taken at the destination: no baseline",
    );
    assert.deepEqual(parseGateRequest({ ...valid, BASELINE, READINESS: "{}" }).baseline, JSON.parse(BASELINE));
  });

  it("what Helm held comes as JSON, and nothing where it was not recorded", () => {
    const held = [{ role: "hubble" as const, revision: 3, valuesDigest: "d1" }];
    assert.deepEqual(parseGateRequest({ ...valid, HELD: JSON.stringify(held) }).held, held);
    assert.deepEqual(parseGateRequest(valid).held, []);
    assert.throws(() => parseGateRequest({ ...valid, HELD: '[{"role":"redis"}]' }), {
      code: "GATE_REQUEST",
      message: "HELD: it is not a list of revisions with the digests of their values.",
    });
  });

  it("profiles before the hop come from the readiness, unless it was taken at the destination", () => {
    const readiness = (live: string): string =>
      JSON.stringify({ observed: { live, agents: {}, profiles: { "acme/pcg-1": "d1" } } });
    assert.deepEqual(parseGateRequest({ ...valid, READINESS: readiness("4.6.41") }).profileBaseline, {
      "acme/pcg-1": "d1",
    });
    assert.deepEqual(parseGateRequest({ ...valid, READINESS: readiness("4.7.20") }).profileBaseline, {});
    assert.deepEqual(parseGateRequest(valid).profileBaseline, {});
  });

  const faults: [string, Record<string, string | undefined>, RegExp][] = [
    ["TO is no version", { TO: "4.7" }, /^TO: "4.7" is not a Palette version\.$/],
    ["PHASE is missing", { PHASE: undefined }, /^PHASE: found nothing, expected "before" or "after"\.$/],
    ["settings are missing", { PALETTE_GATE_SETTINGS: undefined }, /^PALETTE_GATE_SETTINGS: it is missing\.$/],
    ["settings are no JSON", { PALETTE_GATE_SETTINGS: "{" }, /^PALETTE_GATE_SETTINGS: it is not JSON\.$/],
    [
      "settings hold a key too many",
      { PALETTE_GATE_SETTINGS: settings.replace("{", '{"x":1,') },
      /^PALETTE_GATE_SETTINGS: its settings are not valid/,
    ],
    ["BASELINE is a list", { BASELINE: "[]" }, /^BASELINE: it is not an object of agent versions/],
    ["MEASURED has no minutes", { MEASURED: '[{"change":"minor"}]' }, /^MEASURED: it is no list of timed hops/],
    ["PCG has no tenant", { PCG: "pcg-1" }, /^PCG: found "pcg-1", expected "tenant\/name"\.$/],
    ["INGRESS_PROVED_AT is no time", { INGRESS_PROVED_AT: "yesterday" }, /^INGRESS_PROVED_AT: found "yesterday"/],
  ];
  for (const [title, change, message] of faults) {
    it(`is refused where ${title}`, () => {
      assert.throws(() => parseGateRequest({ ...valid, ...change }), { message, exitCode: 2 });
    });
  }
});
