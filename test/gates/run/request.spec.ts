import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { type GateRequest } from "../../../lib/gates/run/codec.js";
import { runGateRequest, selectBaseline, toExitCode } from "../../../lib/gates/run/request.js";
import { getGateByName } from "../../../lib/gates/registry.js";
import { gateNames } from "../../../lib/planning/rules/types.js";
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
  siteFacts,
  tenantApi,
} from "../fake-site.js";

describe("runGateRequest", () => {
  const request = (change: Partial<GateRequest> = {}): GateRequest => ({
    to: "4.7.20",
    when: "before",
    settings: settingsFor(),
    secrets: { apiKeys: ["tenant-key-4711"], mongoUri: "", chartsPassword: "" },
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

  for (const name of gateNames.filter((each) => !each.startsWith("mongo"))) {
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

      const report = await run(name, site, {
        settings: settingsFor({ site: { ...siteFacts, rootDomain: "p.example" } }),
      });

      const text = JSON.stringify(report);
      assert.equal(text.includes(key), false);
      assert.ok(text.includes("<redacted>") || text.includes("NOT_APPLICABLE"));
    });
  }
});

describe("the baseline of the gateways", () => {
  const recorded = { "acme/pcg-1": "4.5.3", "acme/pcg-2": "4.5.3" };
  const readiness = { live: "4.6.41", agents: { "acme/pcg-1": "4.5.9" }, profiles: { "acme/pcg-1": "d1" } };
  const cases: [title: string, given: Partial<GateRequest>, expected: ReturnType<typeof selectBaseline>][] = [
    ["nothing was recorded", {}, { baseline: {} }],
    ["only the stack recorded", { baseline: recorded }, { baseline: recorded }],
    [
      "the readiness before the hop counts over what the stack recorded",
      { baseline: recorded, readiness },
      { baseline: { "acme/pcg-1": "4.5.9", "acme/pcg-2": "4.5.3" }, profileBaseline: { "acme/pcg-1": "d1" } },
    ],
    [
      "a readiness at the destination does not count",
      { baseline: recorded, readiness: { ...readiness, live: "4.7.20" } },
      { baseline: recorded },
    ],
  ];
  for (const [title, given, expected] of cases) {
    it(title, () => {
      const asked: GateRequest = {
        to: "4.7.20",
        when: "after",
        settings: settingsFor(),
        secrets: { apiKeys: [], mongoUri: "", chartsPassword: "" },
        ...given,
      };
      assert.deepEqual(selectBaseline(asked), expected);
    });
  }
});
