import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { type GateName } from "../../lib/gates/types.js";
import { packageRoot } from "../../lib/matrix/package-root.js";
import { defaultGateSettings } from "../../lib/stack/gate-settings.js";
import { clusterRig, type ClusterRig } from "./support/cluster-rig.js";
import { writeKubeconfig } from "./support/credentials.js";
import { judged, sentences, verdictWords } from "./support/gate-runner.js";
import { ownToolsOrSkip } from "./support/global-setup.js";
import { tell } from "./support/measures.js";
import { mongoMembers, type MongoMembers } from "./support/mongo-members.js";
import { until } from "./support/processes.js";
import { type Tools } from "./support/tool-names.js";

const roleFile = join(packageRoot(), "deploy", "gates-role.yaml");
const to = "4.7.20";

/** No agent is to come: what is installed has been for long. */
const impatient = { ...defaultGateSettings.pcg, pollSeconds: 1, unchangedSeconds: 1, intervalSeconds: 1 };

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}
interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules?: Rule[];
}

function manifests(): Manifest[] {
  return parseAllDocuments(readFileSync(roleFile, "utf8")).map((document) => document.toJS() as Manifest);
}

describe("the shipped Role for gates, on a real API server", function () {
  this.timeout(600_000);
  let rig: ClusterRig;
  let mongo: MongoMembers;
  let tools: Tools;
  let kubeconfig: string;

  before(async function () {
    tools = ownToolsOrSkip(this, "exec leads to stand-ins of MongoDB in nodes of kwok's");
    const members = await mongoMembers();
    if ("missing" in members || !existsSync(roleFile)) {
      tell(`skipped: ${"missing" in members ? members.missing : "there is no deploy/gates-role.yaml"}`);
      return this.skip();
    }
    mongo = members;
    rig = await clusterRig({ tools, from: "4.6.41", to, execTargets: mongo.targets, simulateMongo: false });
    apply(manifests());
    kubeconfig = await serviceAccountKubeconfig();
  });
  after(async () => {
    await rig?.dispose();
    await mongo?.set.close();
  });

  function apply(objects: Manifest[]): void {
    const text = objects.map((object) => stringify(object)).join("---\n");
    const args = ["--kubeconfig", rig.plane.kubeconfig, "apply", "-f", "-"];
    const done = spawnSync(tools.kubectl, args, { input: text, encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
  }

  async function serviceAccountKubeconfig(): Promise<string> {
    const account = manifests().find(({ kind }) => kind === "ServiceAccount")!;
    const { name, namespace = "default" } = account.metadata;
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } };
    const { status } = await rig.plane.api.create<{ status: { token: string } }>(path, request);
    return writeKubeconfig(join(rig.plane.folder, "gates.kubeconfig"), { ...rig.plane.access, token: status.token });
  }

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
  const needed: [what: string, verb: string, resource: string, gate: GateName, told: RegExp][] = [
    ["records of releases", "list", "secrets", "helm-release", /secrets/],
    // One rule lists all kinds: whichever of them is refused first is named.
    ["workloads", "list", "deployments", "rollout", /"list" on "(deployments|daemonsets|statefulsets)\.apps"/],
    ["pods", "list", "pods", "mongo-replica-set", /pods/],
    ["exec", "create", "pods/exec", "mongo-replica-set", /pods\/exec/],
    ["volumes", "list", "persistentvolumeclaims", "mongo-replica-set", /persistentvolumeclaims/],
    ["disruption budgets", "list", "poddisruptionbudgets", "mongo-replica-set", /poddisruptionbudgets/],
    ["the cluster's identity", "get", "namespaces", "helm-release", /namespaces/],
  ];
  for (const [what, verb, resource, gate, told] of needed) {
    it(`without ${verb} on ${resource} (${what}), ${gate} is unknown and says what is missing`, async () => {
      apply(manifests().map((manifest) => without(manifest, verb, resource)));
      try {
        const settings = { clusterUid: rig.site.clusterUid };
        const report = await until(`${gate} refused`, async () => {
          const seen = await judged(rig, gate, { to, kubeconfig, settings });
          return seen.outcome === "pass" ? null : seen;
        });
        assert.equal(report.outcome, "unknown", sentences(report));
        assert.match(sentences(report), told);
      } finally {
        apply(manifests());
      }
      await until(`${gate} allowed again`, async () => {
        const seen = await judged(rig, gate, { to, kubeconfig });
        return seen.outcome === "pass" ? true : null;
      });
    });
  }
});

/** The same object without the rules that allow this. */
function without(manifest: Manifest, verb: string, resource: string): Manifest {
  if (manifest.rules === undefined) return manifest;
  const rules = manifest.rules.filter(
    ({ verbs, resources }) => !(verbs.includes(verb) && resources.includes(resource)),
  );
  return { ...manifest, rules };
}
