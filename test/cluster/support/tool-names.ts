/** The programs a control plane of ours consists of, and the two that speak to it. */
export const toolNames = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
  "helm",
  "kubectl",
] as const;
export type ToolName = (typeof toolNames)[number];

/** Where each program was found. */
export type Tools = Record<ToolName, string>;

/** What is needed where a cluster is given: its kubeconfig, and the clients. */
export const clientNames = ["helm", "kubectl"] as const;
export type ClientName = (typeof clientNames)[number];
export type GivenTools = Pick<Tools, ClientName> & { kubeconfig: string };

export function isGiven(tools: Tools | GivenTools): tools is GivenTools {
  return "kubeconfig" in tools;
}

/** Its package among the modules that tools/go.mod pins. */
export const packages: Record<ToolName, string> = {
  etcd: "go.etcd.io/etcd/server/v3",
  "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
  "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
  "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
  kwok: "sigs.k8s.io/kwok/cmd/kwok",
  helm: "helm.sh/helm/v3/cmd/helm",
  kubectl: "k8s.io/kubernetes/cmd/kubectl",
};
