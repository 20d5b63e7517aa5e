import { findHighestKubernetes } from "../../planning/rules/rules.js";
import type { Gate } from "../verdict/types.js";
import { toErrorFinding, read, createVerdict } from "../verdict/findings.js";
import { judgeKubernetes, type KubernetesRequirement } from "./judge.js";

/** Checks that the cluster's Kubernetes version is one the vendor lists for the installed and the target version. */
export const kubernetesVersionGate: Gate = {
  name: "kubernetes-version",
  timing: { deadlineSeconds: 120, intervalSeconds: 10, samples: 1 },
  recheck: "start-only",
  async sample({ site, edge, clock }, signal) {
    const server = await read(() => site.kubernetes.serverVersion(), signal);
    if (!server.ok) {
      const finding = toErrorFinding(server.error, null, "The version of Kubernetes could not be read");
      return createVerdict("kubernetes-version", [finding], null);
    }
    const requirements: KubernetesRequirement[] = [
      { palette: edge.from, what: "installed", highest: findHighestKubernetes(edge.from) },
      ...(edge.to === edge.from
        ? []
        : [{ palette: edge.to, what: "target" as const, highest: findHighestKubernetes(edge.to) }]),
    ];
    const highest = Object.fromEntries(
      requirements.map((requirement) => [requirement.palette, requirement.highest?.highest ?? null]),
    );
    return createVerdict("kubernetes-version", judgeKubernetes(server.value, requirements, await clock.now()), {
      server: server.value,
      highest,
    });
  },
};
