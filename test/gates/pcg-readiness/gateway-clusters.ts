import type { Verdict } from "../../../lib/gates/verdict/types.js";
import type { KubernetesSite, Workload } from "../../../lib/site/types.js";
import { fakeSite, workload } from "../fake-site.js";

/**
 * Legend: tenant acme has no API access and one gateway, pcg-1, with a kubeconfig of its cluster; the agent's namespace is
 * cluster-abc, its image 4.5.3 before the hop.
 */
export const agentNamespace = "cluster-abc";

export interface FakeCluster {
  namespaces?: string[];
  labelled?: string[];
  workloads?: Workload[];
  agent?: string;
}

export function agentWorkload(tag: string, change: Partial<Workload> = {}): Workload {
  const images = [`registry.example/palette/cluster-management-agent:${tag}`];
  return workload({ namespace: agentNamespace, name: "cluster-management-agent", images, ...change });
}

export const jet = workload({ namespace: "jet-system", name: "jet", images: ["jet:1"] });

export function gateway({ namespaces, labelled, workloads, agent = "4.5.3" }: FakeCluster = {}): KubernetesSite {
  const { kubernetes } = fakeSite({ workloads: workloads ?? [agentWorkload(agent), jet] });
  const all = namespaces ?? [agentNamespace, "default", "jet-system"];
  return {
    ...kubernetes,
    namespaces: (selector) =>
      Promise.resolve(selector === undefined ? all : (labelled ?? all.filter((name) => name === agentNamespace))),
  };
}

export const codes = (verdict: Verdict): string[] => verdict.reasons.map(({ code }) => code);
