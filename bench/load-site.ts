import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { getReadinessRequirements } from "../lib/planning/rules/rules.js";

/** How much a site holds, and how it answers. */
export interface Load {
  helmSecrets: number;
  tenants: number;
  gatewaysEach: number;
  pods: number;
  /** Milliseconds before each answer. */
  delay: number;
  /** What never answers. */
  silent: "nothing" | "palette" | "everything";
}

export interface LoadedSite {
  url: string;
  requests: () => number;
  close: () => Promise<void>;
}

export const installed = "4.7.20";
export const next = "4.8.8";
const [crowded = ""] = getReadinessRequirements(installed).namespaces;

/** Starts an API of Kubernetes and Palette on this machine, with a site of that size behind it. */
export async function startLoadedSite(load: Load): Promise<LoadedSite> {
  let requests = 0;
  const secrets = listHelmSecrets(load.helmSecrets);
  const pods = Array.from({ length: load.pods }, (_, i) => createPod(i));
  const answer = (path: string, query: URLSearchParams, tenant: string): unknown => {
    if (path === "/api/v1/secrets") return selectPage(secrets, query);
    if (path === `/api/v1/namespaces/${crowded}/pods`) return selectPage(pods, query);
    if (path === `/apis/apps/v1/namespaces/${crowded}/deployments`)
      return { items: load.pods === 0 ? [] : [createDeployment(load.pods)] };
    if (path.startsWith("/v1/overlords")) return { items: listOverlords(tenant, load.gatewaysEach) };
    if (path.endsWith("/upgrade/settings")) return { spectroComponents: "unlock" };
    if (path.endsWith("/profileUpdates")) return { profiles: [] };
    if (path.startsWith("/v1/")) return { metadata: { uid: "c" } };
    return { items: [], metadata: { name: "kube-system", uid: "load" }, gitVersion: "v1.30.0" };
  };
  const server: Server = createServer((request, response) => {
    requests += 1;
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://load");
    if (load.silent === "everything" || (load.silent === "palette" && pathname.startsWith("/v1/"))) return;
    const text = JSON.stringify(answer(pathname, searchParams, String(request.headers["apikey"] ?? "")));
    response.setHeader("content-type", "application/json");
    setTimeout(() => response.end(text), load.delay);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function selectPage(items: readonly unknown[], query: URLSearchParams): unknown {
  const from = Number(query.get("continue") ?? 0);
  const to = from + Number(query.get("limit") ?? items.length);
  return { items: items.slice(from, to), metadata: to < items.length ? { continue: String(to) } : {} };
}

/** Palette's own release first; the others are of other products, each with a manifest that does not compress. */
function listHelmSecrets(count: number): unknown[] {
  const noise = Array.from({ length: 400 }, (_, i) => createHash("sha256").update(String(i)).digest("hex")).join("\n");
  return Array.from({ length: count }, (_, i) => {
    const [release, chart, version] =
      i === 0 ? ["hubble", "spectro-mgmt-plane", installed] : [`app-${i}`, "app", "1.0.0"];
    const record = {
      name: release,
      namespace: "default",
      version: 1,
      info: { status: "deployed", last_deployed: "2026-11-01T00:00:00Z" },
      chart: { metadata: { name: chart, version, appVersion: version } },
      config: {},
      manifest: `# ${noise}`,
    };
    const stored = gzipSync(JSON.stringify(record)).toString("base64");
    const name = `sh.helm.release.v1.${release}.v1`;
    return { metadata: { name, namespace: "default" }, data: { release: Buffer.from(stored).toString("base64") } };
  });
}

function createDeployment(replicas: number): unknown {
  return {
    metadata: { name: "mgmt", namespace: crowded, generation: 1 },
    spec: {
      replicas,
      selector: { matchLabels: { app: "mgmt" } },
      template: { metadata: {}, spec: { containers: [] } },
    },
    status: { observedGeneration: 1, replicas, updatedReplicas: replicas, readyReplicas: 0, availableReplicas: 0 },
  };
}

function createPod(i: number): unknown {
  const waiting = { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" };
  const container = { name: "mgmt", image: "mgmt:1", imageID: "", ready: false, restartCount: 40, state: { waiting } };
  return {
    metadata: {
      name: `mgmt-5d9c7b6f4-${i}`,
      namespace: crowded,
      labels: { app: "mgmt" },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: "mgmt-5d9c7b6f4", uid: "u", controller: true },
      ],
    },
    spec: { nodeName: "node-1", containers: [{ name: "mgmt", image: "mgmt:1" }] },
    status: { phase: "Running", startTime: "2026-11-01T00:00:00Z", containerStatuses: [container] },
  };
}

function listOverlords(tenant: string, count: number): unknown[] {
  return Array.from({ length: count }, (_, i) => ({
    metadata: { uid: `u-${i}`, name: `p${i}` },
    spec: { spectroClusterUid: `${tenant}-c${i}` },
    status: { state: "Running", health: { state: "Healthy", agentVersion: installed } },
  }));
}
