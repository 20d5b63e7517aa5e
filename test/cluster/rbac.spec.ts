import assert from "node:assert/strict";
import { type GateName } from "../../lib/gates/verdict/types.js";
import { defaultGateSettings } from "../../lib/settings/gate-settings.js";
import { clusterRig, type ClusterRig } from "./support/cluster-rig.js";
import { judged, sentences, verdictWords } from "./support/gate-runner.js";
import { ownToolsOrSkip } from "./support/global-setup.js";
import { print } from "./support/measures.js";
import { mongoMembers, type MongoMembers } from "./support/mongo-members.js";
import { until } from "./support/processes.js";
import { accountKubeconfig, apply, shipped, without } from "./support/service-account.js";
import { type Tools } from "./support/tool-names.js";

const role = shipped("gates-role.yaml");
const to = "4.7.20";

/** No agent is to come: what is installed has been for long. */
const impatient = { ...defaultGateSettings.pcg, pollSeconds: 1, unchangedSeconds: 1, intervalSeconds: 1 };

describe("the shipped Role for gates, on a real API server", function () {
  this.timeout(600_000);
  let rig: ClusterRig;
  let mongo: MongoMembers;
  let tools: Tools;
  let kubeconfig: string;

  before(async function () {
    tools = ownToolsOrSkip(this, "exec leads to stand-ins of MongoDB in nodes of kwok's");
    const members = await mongoMembers();
    if ("missing" in members) {
      print(`skipped: ${members.missing}`);
      return this.skip();
    }
    mongo = members;
    rig = await clusterRig({ tools, from: "4.6.41", to, execTargets: mongo.targets, simulateMongo: false });
    apply(rig, tools, role);
    kubeconfig = await accountKubeconfig(rig, role);
  });
  after(async () => {
    await rig?.dispose();
    await mongo?.set.close();
  });

  const gates: GateName[] = [
    "mongo-replica-set",
    "mongo-fcv",
    "helm-release",
    "rollout",
    "pcg-readiness",
    "pcg-catch-up",
    "ingress",
    "ingress-exposure",
    "backup",
    "window",
    "promotion",
  ];
  for (const gate of gates) {
    it(`is enough for ${gate}`, async () => {
      const { clusterUid } = rig.site;
      const report = await judged(rig, gate, { to, kubeconfig, settings: { clusterUid, pcg: impatient } });
      assert.ok(
        ["pass", "pass NOT_APPLICABLE", "pass NOT_CONFIGURED"].includes(verdictWords(report)),
        sentences(report),
      );
    });
  }

  it("is enough for kubernetes-version, which judges and is not refused", async () => {
    const report = await judged(rig, "kubernetes-version", { to, kubeconfig });
    assert.equal(verdictWords(report), "fail KUBERNETES_TOO_NEW");
  });

  // What is asked only in other states (logs of a crashed pod, Services of an ingress that changes) is not taken away here.
  const needed: [what: string, verbs: string[], resource: string, gate: GateName, reported: RegExp][] = [
    ["records of releases", ["list"], "secrets", "helm-release", /secrets/],
    // One rule lists all kinds: whichever of them is refused first is named.
    ["workloads", ["list"], "deployments", "rollout", /"list" on "(deployments|daemonsets|statefulsets)\.apps"/],
    ["pods", ["list"], "pods", "mongo-replica-set", /pods/],
    ["exec", ["get", "create"], "pods/exec", "mongo-replica-set", /pods\/exec/],
    ["volumes", ["list"], "persistentvolumeclaims", "mongo-replica-set", /persistentvolumeclaims/],
    ["disruption budgets", ["list"], "poddisruptionbudgets", "mongo-replica-set", /poddisruptionbudgets/],
    ["the cluster's identity", ["get"], "namespaces", "helm-release", /namespaces/],
  ];
  for (const [what, verbs, resource, gate, reported] of needed) {
    it(`without ${verbs.join(" and ")} on ${resource} (${what}), ${gate} is unknown and says what is missing`, async () => {
      apply(
        rig,
        tools,
        role.map((manifest) => without(manifest, verbs, resource)),
      );
      try {
        const settings = { clusterUid: rig.site.clusterUid };
        const report = await until(`${gate} refused`, async () => {
          const seen = await judged(rig, gate, { to, kubeconfig, settings });
          return seen.outcome === "pass" ? null : seen;
        });
        assert.equal(report.outcome, "unknown", sentences(report));
        assert.match(sentences(report), reported);
      } finally {
        apply(rig, tools, role);
      }
      await until(`${gate} allowed again`, async () => {
        const seen = await judged(rig, gate, { to, kubeconfig });
        return seen.outcome === "pass" ? true : null;
      });
    });
  }
});
