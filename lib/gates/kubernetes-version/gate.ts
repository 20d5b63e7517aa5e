import { highestKubernetes } from "../../plan/rules.js";
import type { Gate } from "../types.js";
import { findingOfError, read, verdictOf } from "../verdict.js";
import { judgeKubernetes, type Host } from "./judge.js";

/** The cluster's Kubernetes is within what the vendor lists for the installed and the target version. */
export const kubernetesVersionGate: Gate = {
  name: "kubernetes-version",
  timing: { deadlineSeconds: 120, intervalSeconds: 10, samples: 1 },
  recheck: "start-only",
  reads: ["/version (get)"],
  async sample({ site, edge, clock }, signal) {
    const server = await read(() => site.kubernetes.serverVersion(), signal);
    if (!server.ok) {
      const finding = findingOfError(server.error, null, "The version of Kubernetes could not be read");
      return verdictOf("kubernetes-version", [finding], null);
    }
    const hosts: Host[] = [
      { palette: edge.from, what: "installed", highest: highestKubernetes(edge.from) },
      ...(edge.to === edge.from
        ? []
        : [{ palette: edge.to, what: "target" as const, highest: highestKubernetes(edge.to) }]),
    ];
    const highest = Object.fromEntries(hosts.map((host) => [host.palette, host.highest?.highest ?? null]));
    return verdictOf("kubernetes-version", judgeKubernetes(server.value, hosts, await clock.now()), {
      server: server.value,
      highest,
    });
  },
};
