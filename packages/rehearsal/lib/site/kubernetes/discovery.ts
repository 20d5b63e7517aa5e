const verbs = ["get", "list", "create", "update", "patch", "delete"];

const groups = {
  apps: [
    ["deployments", "Deployment"],
    ["statefulsets", "StatefulSet"],
    ["daemonsets", "DaemonSet"],
  ],
  policy: [["poddisruptionbudgets", "PodDisruptionBudget"]],
} as const;

const core = [
  ["namespaces", "Namespace", false],
  ["pods", "Pod", true],
  ["pods/exec", "PodExecOptions", true],
  ["pods/log", "Pod", true],
  ["persistentvolumeclaims", "PersistentVolumeClaim", true],
  ["secrets", "Secret", true],
  ["services", "Service", true],
] as const;

/** Returns the API's discovery document for a path; null for any other path. */
export function getDiscoveryDocument(path: string, gitVersion: string): unknown {
  const group = /^\/apis\/([a-z]+)\/v1$/.exec(path)?.[1];
  if (group !== undefined && group in groups)
    return toResourceList(`${group}/v1`, groups[group as keyof typeof groups]);
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(gitVersion)!;
  switch (path) {
    case "/version":
      return { major, minor, gitVersion, platform: "linux/amd64" };
    case "/api":
      return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
    case "/api/v1":
      return toResourceList("v1", core);
    case "/apis":
      return { kind: "APIGroupList", apiVersion: "v1", groups: Object.keys(groups).map(toApiGroup) };
    case "/openapi/v2":
      return "";
    case "/openapi/v3":
      return { paths: {} };
    default:
      return null;
  }
}

function toApiGroup(name: string): unknown {
  const version = { groupVersion: `${name}/v1`, version: "v1" };
  return { name, versions: [version], preferredVersion: version };
}

function toResourceList(groupVersion: string, listed: readonly (readonly [string, string, boolean?])[]): unknown {
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion,
    resources: listed.map(([name, kind, namespaced = true]) => ({ name, singularName: "", namespaced, kind, verbs })),
  };
}
