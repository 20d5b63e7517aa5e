import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { RefusedError } from "../../../lib/base/errors/errors.js";
import { connectCluster } from "../../../packages/rehearsal/lib/cluster/cluster-site.js";
import { type StoredSecret } from "../../../packages/rehearsal/lib/helm-storage.js";
import {
  readClusterContents,
  refuseRealPalette,
  type ClusterContents,
} from "../../../packages/rehearsal/lib/cluster/throwaway.js";
import { stubAnnotation } from "../../../packages/rehearsal/lib/stub-chart.js";
import { decodeHelmRecord } from "../../../lib/site/helm/records.js";
import { type Version } from "../../../lib/planning/version/version.js";
import { ApiClient, type Access } from "./api-client.js";
import { atExit } from "./at-exit.js";
import { type ClusterUnderTest } from "./cluster-under-test.js";
import { writeKubeconfig } from "./credentials.js";
import { type GivenTools } from "./tool-names.js";

/** What carries this label was made by a rehearsal or by these suites, and is taken away again. */
const ours = `${stubAnnotation}=true`;
export const ourLabels = { [stubAnnotation]: "true" };
const place = "palette-upgrade-test";
/** Every node can pull it, and it does nothing. */
const image = "rancher/mirrored-pause:3.10";
const newCluster = /^(default|kube-.*|local-path-storage|kubernetes-dashboard)$/;
/** Ends of the route that the suites take. */
const versions: Version[] = ["4.1.12", "4.7.20"];

/** The kubeconfig of a cluster that the suites are to run on; null: they start their own. */
export function givenKubeconfig(environment: NodeJS.ProcessEnv): string | null {
  return environment.KUBECONFIG?.split(delimiter).find((file) => file !== "") ?? null;
}

/**
 * Refuses a cluster that is not plainly there to be thrown away: beside what a rehearsal refuses, one that holds any
 * namespace of somebody's. @throws RefusedError `CLUSTER_NOT_THROWAWAY`.
 */
export function refuseInhabited(contents: ClusterContents): void {
  refuseRealPalette(contents, versions);
  const foreign = contents.namespaces.find(({ name, isStub }) => !isStub && !newCluster.test(name));
  if (foreign === undefined) return;
  throw new RefusedError(
    "CLUSTER_NOT_THROWAWAY",
    `KUBECONFIG names a cluster with a namespace ${foreign.name}, which no new cluster has; the suites would fill it with stand-ins.`,
    { next: "Name a cluster made for this, e.g. by kind, or unset KUBECONFIG: the suites then start their own." },
  );
}

/** Looks before anything is written. @throws RefusedError `CLUSTER_NOT_THROWAWAY`, `CLUSTER_UNREADABLE`. */
export async function checkGivenCluster(kubeconfig: string): Promise<{ server: string }> {
  const { upstream, server } = await connectCluster(kubeconfig, null);
  try {
    refuseInhabited(await readClusterContents(upstream));
    return { server };
  } finally {
    upstream.close();
  }
}

/** A given cluster, empty of what an earlier run may have left, with an administrator's account of our own. */
export async function openGivenCluster(tools: GivenTools): Promise<ClusterUnderTest> {
  await checkGivenCluster(tools.kubeconfig);
  sweep(tools);
  const folder = mkdtempSync(join(tmpdir(), "palette-cluster-"));
  const putAway = (): void => {
    sweep(tools);
    rmSync(folder, { recursive: true, force: true });
  };
  const isPutAway = atExit(putAway);
  const access = makeAdministrator(tools);
  return {
    api: new ApiClient(access),
    access,
    kubeconfig: writeKubeconfig(join(folder, "kubeconfig"), access),
    folder,
    image,
    stop: () => {
      putAway();
      isPutAway();
      return Promise.resolve();
    },
  };
}

/** Whatever the given kubeconfig authenticates by, the suites have a token. */
function makeAdministrator(tools: GivenTools): Access {
  const labels = ourLabels;
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: place, labels } };
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "administrator", namespace: place } };
  const binding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: place, labels },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", name: "administrator", namespace: place }],
  };
  const list = { apiVersion: "v1", kind: "List", items: [namespace, account, binding] };
  kubectl(tools, ["apply", "-f", "-"], JSON.stringify(list));
  const token = kubectl(tools, ["create", "token", "administrator", "--namespace", place, "--duration", "4h"]).trim();
  const config = JSON.parse(kubectl(tools, ["config", "view", "--minify", "--raw", "--flatten", "-o", "json"])) as {
    clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
  };
  const { server, "certificate-authority-data": ca } = config.clusters[0]!.cluster;
  return { server: server.replace(/\/$/, ""), ca: Buffer.from(ca, "base64").toString("utf8"), token };
}

/** Takes away all that bears our mark, and nothing else; in step, so that it can be done at the end of a process. */
function sweep(tools: GivenTools): void {
  const { items } = JSON.parse(
    kubectl(tools, ["get", "secrets", "--all-namespaces", "-l", "owner=helm", "-o", "json"]),
  ) as { items: (StoredSecret & { metadata: { name: string; namespace: string } })[] };
  const releases = items
    .map(({ metadata, data }) => decodeHelmRecord({ ...metadata, release: data.release }))
    .filter(({ chart }) => chart.metadata.annotations?.[stubAnnotation] === "true")
    .map(({ namespace, name }) => `${namespace}/${name}`);
  for (const release of new Set(releases)) {
    const [namespace = "", name = ""] = release.split("/");
    run(tools.helm, ["uninstall", name, "--namespace", namespace, "--ignore-not-found"], tools);
  }
  const kinds = "namespaces,persistentvolumes,clusterrolebindings,clusterroles,customresourcedefinitions";
  kubectl(tools, ["delete", kinds, "-l", ours, "--ignore-not-found", "--timeout", "240s"]);
}

function kubectl(tools: GivenTools, args: string[], input = ""): string {
  return run(tools.kubectl, args, tools, input);
}

function run(program: string, args: string[], { kubeconfig }: GivenTools, input = ""): string {
  const done = spawnSync(program, args, {
    env: { ...process.env, KUBECONFIG: kubeconfig },
    input,
    encoding: "utf8",
    maxBuffer: 256_000_000,
  });
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${done.stderr}`);
  return done.stdout;
}
