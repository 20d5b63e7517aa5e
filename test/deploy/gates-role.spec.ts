import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { runGateRequest } from "../../lib/gates/run/request.js";
import { getGateByName } from "../../lib/gates/registry.js";
import { listKubernetesRights } from "../../lib/gates/explain.js";
import { loadRules } from "../../lib/planning/rules/rules.js";
import { type GateName, gateNames, type KubernetesRightRow } from "../../lib/planning/rules/types.js";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import type { KubernetesSite, Pod } from "../../lib/site/types.js";
import { startSite, stopSites } from "../../packages/rehearsal/test/site/running.js";

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}
interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules?: Rule[];
}

/** One request as Kubernetes authorizes it. */
interface Access {
  group: string;
  resource: string;
  verb: string;
  namespace: string | null;
  name: string | null;
}

const text = readFileSync(join(findPackageRoot(), "deploy/gates-role.yaml"), "utf8");
const manifests = parseAllDocuments(text).map((document) => document.toJS() as Manifest);

function allows(all: readonly Manifest[], { group, resource, verb, namespace, name }: Access): boolean {
  return all.some(
    ({ kind, metadata, rules = [] }) =>
      (kind === "ClusterRole" || (kind === "Role" && metadata.namespace === namespace)) &&
      rules.some(
        (rule) =>
          rule.apiGroups.includes(group) &&
          rule.resources.includes(resource) &&
          rule.verbs.includes(verb) &&
          (rule.resourceNames === undefined || (name !== null && rule.resourceNames.includes(name))),
      ),
  );
}

/** What each question of a gate asks of the API server; a question without a row fails the test. */
const asks: Partial<Record<keyof KubernetesSite, (...given: never[]) => Access[]>> = {
  clusterUid: () => [access("", "namespaces", "get", null, "kube-system")],
  // Every account may read /version.
  serverVersion: () => [],
  helmRevisions: (namespace?: string) => [access("", "secrets", "list", namespace ?? null)],
  helmValues: (namespace: string, name: string) => [access("", "secrets", "get", namespace, name)],
  helmChart: (namespace: string, name: string) => [access("", "secrets", "get", namespace, name)],
  helmImages: (namespace: string, name: string) => [access("", "secrets", "get", namespace, name)],
  secretExists: (namespace: string, name: string) => [access("", "secrets", "get", namespace, name)],
  workloads: (namespaces: string[]) =>
    namespaces.flatMap((namespace) =>
      ["deployments", "statefulsets", "daemonsets"].map((resource) => access("apps", resource, "list", namespace)),
    ),
  pods: (namespace: string) => [access("", "pods", "list", namespace)],
  podLog: (namespace: string, pod: string) => [access("", "pods/log", "get", namespace, pod)],
  persistentVolumeClaims: (namespace: string) => [access("", "persistentvolumeclaims", "list", namespace)],
  podDisruptionBudgets: (namespace: string) => [access("policy", "poddisruptionbudgets", "list", namespace)],
  configMap: (namespace: string, name: string) => [access("", "configmaps", "get", namespace, name)],
  serviceAddresses: (namespace: string, name: string) => [access("", "services", "get", namespace, name)],
  exec: (namespace: string, pod: string) => [
    access("", "pods/exec", "get", namespace, pod),
    access("", "pods/exec", "create", namespace, pod),
  ],
};

function access(
  group: string,
  resource: string,
  verb: string,
  namespace: string | null,
  name: string | null = null,
): Access {
  return { group, resource, verb, namespace, name };
}

function recording(site: KubernetesSite, seen: Access[], unknown: Set<string>): KubernetesSite {
  return new Proxy(site, {
    get: (target, key: keyof KubernetesSite) => {
      return (...given: unknown[]): unknown => {
        const row = asks[key] as ((...args: unknown[]) => Access[]) | undefined;
        if (row === undefined) unknown.add(key);
        else seen.push(...row(...given));
        const answer = (target[key] as (...args: unknown[]) => unknown)(...given);
        return key === "pods" ? (answer as Promise<Pod[]>).then((pods) => pods.map(crashing)) : answer;
      };
    },
  });
}

/** A pod that cannot pull its image, as one that crashes: only such a one has a log that is read. */
function crashing(pod: Pod): Pod {
  const containers = pod.containers.map((container) =>
    container.waiting === null
      ? container
      : { ...container, waiting: { ...container.waiting, reason: "CrashLoopBackOff" } },
  );
  return { ...pod, containers };
}

const namespaceOf = { cluster: {}, mongo: { namespace: "hubble-system" }, release: { namespace: "default" } };

function asManifests(rights: readonly KubernetesRightRow[]): Manifest[] {
  return rights.map(({ group, resources, verbs, where, names }) => ({
    kind: where === "cluster" ? "ClusterRole" : "Role",
    metadata: { name: "explained", ...namespaceOf[where] },
    rules: [
      {
        apiGroups: [group],
        resources: [...resources],
        verbs: [...verbs],
        ...(names === undefined ? {} : { resourceNames: [...names] }),
      },
    ],
  }));
}

/** Every single grant, sorted, without repeats. */
function grantsOf(all: readonly Manifest[]): string[] {
  const grants = all.flatMap(({ metadata, rules = [] }) =>
    rules.flatMap(({ apiGroups, resources, verbs, resourceNames = ["*"] }) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          resourceNames.map(
            (name) => `${metadata.namespace ?? "cluster"}: ${verb} ${apiGroups.join()}/${resource} ${name}`,
          ),
        ),
      ),
    ),
  );
  return [...new Set(grants)].sort();
}

describe("deploy/gates-role.yaml", () => {
  const seen: Access[] = [];
  const seenBy = new Map<GateName, Access[]>(gateNames.map((name) => [name, []]));
  const unknown = new Set<string>();

  before(async () => {
    const hops = [
      { at: "4.6.41", to: "4.7.20", fault: [{ name: "rollout-stuck" as const }] },
      { at: "4.8.21", to: "4.8.47", fault: [] },
      { at: "4.7.27", to: "4.8.8", fault: [{ name: "release-pending-old" as const, version: "4.8.8" }] },
    ];
    for (const { at, to, fault } of hops) {
      const { site, settings, clock } = await startSite({ version: at, faults: fault });
      const asked = gateNames.flatMap((name) =>
        [
          { to, when: "before" as const },
          { to: at, when: "after" as const },
        ].map((moment) =>
          runGateRequest(
            getGateByName(name),
            {
              ...moment,
              settings: { ...settings, site: { ...settings.site, rootDomain: "palette.example.com" } },
              secrets: { apiKeys: [], mongoUri: "", chartsPassword: "" },
            },
            {
              connect: () => ({ ...site, kubernetes: recording(site.kubernetes, seenBy.get(name)!, unknown) }),
              clock,
              needs: () => ({ mandatory: true }),
            },
            { single: true },
          ),
        ),
      );
      await Promise.all(asked);
    }
    seen.push(...[...seenBy.values()].flat());
    await stopSites();
  });

  for (const name of gateNames) {
    it(`--explain ${name} names the rights of every request that it makes`, () => {
      const own = asManifests(listKubernetesRights(name));
      const asked = seenBy.get(name)!;
      assert.ok(asked.length > 0);
      assert.deepEqual(
        asked.filter((each) => !allows(own, each)),
        [],
      );
    });
  }

  it("a gate's rights without Helm's records would not do (negative twin)", () => {
    const short = listKubernetesRights("rollout").filter(({ resources }) => !resources.includes("secrets"));
    assert.ok(seenBy.get("rollout")!.some((each) => !allows(asManifests(short), each)));
  });

  it("is the sum of what --explain names, and no more", () => {
    const sum = asManifests(loadRules("kubernetes-rights"));
    assert.deepEqual(grantsOf(manifests), grantsOf(sum));
  });

  it("allows every request that any gate makes", () => {
    assert.deepEqual([...unknown], [], "questions without a row in this test");
    assert.ok(seen.length > 100, String(seen.length));
    assert.deepEqual(
      seen.filter((each) => !allows(manifests, each)),
      [],
    );
  });

  const grants = manifests.flatMap((manifest) => (manifest.rules ?? []).map((rule) => ({ manifest, rule })));
  for (const { manifest, rule } of grants) {
    it(`${manifest.kind} ${manifest.metadata.namespace ?? ""}: ${rule.verbs.join()} ${rule.resources.join()} is needed by some gate`, () => {
      const without = manifests.map((each) =>
        each === manifest ? { ...each, rules: each.rules!.filter((other) => other !== rule) } : each,
      );
      assert.ok(seen.some((each) => !allows(without, each)));
    });
  }

  it("grants no write but exec into MongoDB's members", () => {
    const writes = grants.filter(({ rule }) => rule.verbs.some((verb) => !["get", "list"].includes(verb)));
    assert.deepEqual(
      writes.map(({ manifest, rule }) => [manifest.metadata.namespace, rule.resources, rule.verbs]),
      [["hubble-system", ["pods/exec"], ["get", "create"]]],
    );
    assert.deepEqual(writes[0]!.rule.resourceNames, ["mongo-0", "mongo-1", "mongo-2"]);
  });
});
