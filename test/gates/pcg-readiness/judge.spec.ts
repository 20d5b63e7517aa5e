import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { type GatewayCluster } from "../../../lib/gates/pcg-readiness/gateway-cluster.js";
import { judgeGatewayCluster } from "../../../lib/gates/pcg-readiness/judge-cluster.js";
import { judgeReadiness } from "../../../lib/gates/pcg-readiness/judge.js";
import { type GatewayReading, type TenantReading } from "../../../lib/gates/pcg-readiness/probe.js";
import { type Finding, type Reading } from "../../../lib/gates/verdict/findings.js";
import { type Overlord } from "../../../lib/site/types.js";
import { at, overlord, settingsFor, workload } from "../fake-site.js";

const subject = "acme/pcg-1";
const reported = <T>(value: T): Reading<T> => ({ ok: true, value });
const unread: Reading<never> = { ok: false, error: new SiteError("network", "no answer") };

function reading(gateway: Partial<GatewayReading> = {}, change: Partial<Overlord> = {}): GatewayReading {
  return {
    overlord: overlord(change),
    profileUpdates: reported([]),
    clusterPaused: reported(false),
    applied: null,
    events: null,
    notifications: null,
    ...gateway,
  };
}

function tenant(gateways: GatewayReading[], change: Partial<TenantReading> = {}): TenantReading {
  const overlords = reported(gateways.map((gateway) => gateway.overlord));
  return { tenant: "acme", listed: ["pcg-1"], overlords, platformPaused: reported(false), gateways, clusters: [], ...change };
} // prettier-ignore

const lines = (findings: readonly Finding[]): string[] =>
  findings.map(({ outcome, code, member, message }) => `${outcome} ${code} ${member}: ${message}`);

function judged(of: TenantReading, only?: string): string[] {
  return lines(judgeReadiness({ settings: settingsFor(), readings: [of], only, now: new Date(at(4)) }));
}

describe("judging readings of gateways", () => {
  const page = "Look at the gateway's page in Palette.";
  const table: [title: string, of: TenantReading, expected: string[]][] = [
    ["all is well", tenant([reading()]), []],
    [
      "whether its updates are paused could not be read",
      tenant([reading({ clusterPaused: unread })]),
      [`unknown SITE_UNREACHABLE ${subject}: PCG ${subject}: whether its updates are paused could not be read: no answer`],
    ],
    [
      "… nor does its own flag stand for that",
      tenant([reading({ clusterPaused: unread }, { paused: true })]),
      [
        `fail PCG_PAUSED ${subject}: PCG ${subject}: platform updates of this PCG are paused, so its agent is not updated. A person resumes them in Palette: Tenant Settings > Private Cloud Gateways > the gateway > Settings > Pause Platform Upgrades.`,
        `unknown SITE_UNREACHABLE ${subject}: PCG ${subject}: whether its updates are paused could not be read: no answer`,
      ],
    ],
    [
      "whether the tenant has updates paused could not be read",
      tenant([reading()], { platformPaused: unread }),
      ["unknown SITE_UNREACHABLE acme: Whether tenant acme has platform updates paused could not be read: no answer"],
    ],
    [
      "cluster updates are paused",
      tenant([reading({ clusterPaused: reported(true) })]),
      [
        `fail PCG_PAUSED ${subject}: PCG ${subject}: cluster updates of this PCG are paused, so its agent is not updated. A person resumes them in Palette: Tenant Settings > Private Cloud Gateways > the gateway > Settings > Pause Platform Upgrades.`,
      ],
    ],
    [
      "whether a profile update is pending could not be read",
      tenant([reading({ profileUpdates: unread })]),
      [`unknown SITE_UNREACHABLE ${subject}: PCG ${subject}: whether a profile update is pending could not be read: no answer`],
    ],
    [
      "… and a variable that waits is told beside",
      tenant([reading({ profileUpdates: unread }, { variablesPending: true })]),
      [
        `fail PCG_VARIABLE_PENDING ${subject}: PCG ${subject}: a variable of its cluster profile waits for a value, expected none to be open: no profile update is applied before. A person gives the value in Palette: Tenant Settings > Private Cloud Gateways > the gateway > Updates, review the changes, then Confirm updates.`,
        `unknown SITE_UNREACHABLE ${subject}: PCG ${subject}: whether a profile update is pending could not be read: no answer`,
      ],
    ],
    ["profile updates were not asked for, whatever the flag says", tenant([reading({ profileUpdates: null }, { updateAvailable: true })]), []],
    [
      "an update is told by its name and by the flag",
      tenant([reading({ profileUpdates: reported(["infra"]) }, { updateAvailable: true })]),
      [
        `fail PCG_PROFILE_UPDATE_PENDING ${subject}: PCG ${subject}: a cluster profile update waits for approval (infra), expected none before a hop. A person approves it in Palette: Tenant Settings > Private Cloud Gateways > the gateway > Updates, review the changes, then Confirm updates. One gateway at a time; its host clusters are not affected.`,
      ],
    ],
    [
      "an update is told by the flag alone",
      tenant([reading({}, { updateAvailable: true })]),
      [
        `fail PCG_PROFILE_UPDATE_PENDING ${subject}: PCG ${subject}: a cluster profile update waits for approval ((name not reported)), expected none before a hop. A person approves it in Palette: Tenant Settings > Private Cloud Gateways > the gateway > Updates, review the changes, then Confirm updates. One gateway at a time; its host clusters are not affected.`,
      ],
    ],
    [
      "state not reported",
      tenant([reading({}, { state: "" })]),
      [`unknown PCG_NOT_RUNNING ${subject}: PCG ${subject}: state is not reported, expected Running. ${page}`],
    ],
    [
      "another state",
      tenant([reading({}, { state: "Error" })]),
      [`unknown PCG_NOT_RUNNING ${subject}: PCG ${subject}: state is Error, expected Running. ${page}`],
    ],
    [
      "a heartbeat that never came",
      tenant([reading({}, { lastHeartbeat: null })]),
      [
        `wait PCG_HEARTBEAT_STALE ${subject}: PCG ${subject}: has sent no heartbeat, expected one within 300 s. Check that its cluster runs and reaches Palette on port 443.`,
      ],
    ],
    [
      "a heartbeat of an hour ago",
      tenant([reading({}, { lastHeartbeat: at(-60) })]),
      [
        `wait PCG_HEARTBEAT_STALE ${subject}: PCG ${subject}: last heartbeat is of ${at(-60)}, expected one within 300 s. Check that its cluster runs and reaches Palette on port 443.`,
      ],
    ],
  ]; // prettier-ignore
  for (const [title, of, expected] of table) it(title, () => assert.deepEqual(judged(of), expected));

  it("without the API each listed gateway has to have a cluster, or the one that is asked about", () => {
    const none = { ...tenant([]), listed: ["pcg-1", "pcg-2"], overlords: null };
    const codes = (only?: string): string[] =>
      judgeReadiness({
        settings: settingsFor({ tenants: [{ name: "acme", pcgs: ["pcg-1", "pcg-2"] }] }),
        readings: [none],
        only,
        now: new Date(at(4)),
      }).map(({ code, member }) => `${code} ${member}`);
    assert.deepEqual(codes(), ["TENANT_UNSEEN acme", "PCG_NO_ACCESS acme/pcg-1", "PCG_NO_ACCESS acme/pcg-2"]);
    assert.deepEqual(codes("acme/pcg-2"), ["TENANT_UNSEEN acme", "PCG_NO_ACCESS acme/pcg-2"]);
  });

  it("of the gateways that are listed only the one asked about has to be there", () => {
    const two = { ...tenant([reading()]), listed: ["pcg-1", "pcg-2"] };
    const codes = (only?: string): string[] =>
      judgeReadiness({
        settings: settingsFor({ tenants: [{ name: "acme", pcgs: ["pcg-1", "pcg-2"] }] }),
        readings: [two],
        only,
        now: new Date(at(4)),
      }).map(({ code, member }) => `${code} ${member}`);
    assert.deepEqual([codes(), codes("acme/pcg-1"), codes("acme/pcg-2")], [["PCG_MISSING acme/pcg-2"], [], ["PCG_MISSING acme/pcg-2"]]); // prettier-ignore
  });
});

describe("judging a gateway's own cluster", () => {
  const agent = workload({
    namespace: "cluster-abc",
    name: "cluster-management-agent",
    images: ["r.example/agent:4.5.3"],
  });
  const jet = workload({ namespace: "jet-system", name: "jet", images: ["jet:1"] });
  const seen = (change: Partial<GatewayCluster>): string[] =>
    lines(
      judgeGatewayCluster(subject, reported({ isManagement: false, agentNamespaces: ["cluster-abc"], workloads: [agent, jet], ...change })), // prettier-ignore
    ).filter((line) => !line.startsWith("pass"));
  const missing = (name: string, where: string): string =>
    `unknown PCG_WORKLOAD_MISSING ${subject}: PCG ${subject}: Deployment ${name}, documented for every gateway, is not in ${where} of its cluster. Check that palette:pcg.clusters leads to this gateway's cluster.`;
  const agentMissing = (where: string): string => missing("cluster-management-agent", where);
  const jetMissing = missing("jet", "namespace jet-system");

  const table: [title: string, change: Partial<GatewayCluster>, expected: string[]][] = [
    ["both are there", {}, []],
    ["jet in another namespace is none", { workloads: [agent, { ...jet, namespace: "cluster-abc" }] }, [jetMissing]],
    ["jet of another kind is none", { workloads: [agent, { ...jet, kind: "DaemonSet" }] }, [jetMissing]],
    [
      "the agent of another kind is none",
      { workloads: [{ ...agent, kind: "StatefulSet" }, jet] },
      [agentMissing("namespace cluster-abc")],
    ],
    [
      "a namespace with another Deployment is not enough",
      { workloads: [{ ...agent, name: "other" }, jet] },
      [agentMissing("namespace cluster-abc")],
    ],
    [
      "several namespaces of agents",
      { agentNamespaces: ["cluster-abc", "cluster-def"], workloads: [jet] },
      [agentMissing("namespace cluster-abc, cluster-def")],
    ],
    [
      "no namespace of an agent",
      { agentNamespaces: [] },
      [agentMissing("any namespace labelled spectrocloud.com/cluster-name or named cluster-…")],
    ],
  ];
  for (const [title, change, expected] of table) it(title, () => assert.deepEqual(seen(change), expected));
});
