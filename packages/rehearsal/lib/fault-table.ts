import { type Version } from "../../../lib/planning/version/version.js";
import { type FaultName } from "./types.js";

/** What a fault does and on which route it occurs. Without `route`: on the default route, from its start. */
export interface FaultRow {
  summary: string;
  route?: { from: Version; to: Version; matrix: string };
}

/** The compiler refuses a fault without a row. */
export const faultTable: Record<FaultName, FaultRow> = {
  "member-recovering": { summary: "MongoDB member mongo-2 is stuck in RECOVERING" },
  "member-lagging": { summary: "MongoDB member mongo-2 is two minutes behind the primary" },
  "two-primaries": { summary: "two MongoDB members call themselves PRIMARY" },
  "member-unreachable": { summary: "MongoDB member mongo-2 does not answer, the others see it down" },
  "fcv-6.0": {
    summary: "MongoDB's featureCompatibilityVersion is 6.0 before 4.7 -> 4.8",
    route: { from: "4.7.27", to: "4.8.8", matrix: "palette-kubernetes-4.9.51" },
  },
  "pcg-paused": { summary: "platform updates of a PCG are paused" },
  "pcg-agent-stale": { summary: "a PCG's agent has stopped sending heartbeats" },
  "pcg-profile-update-waiting": { summary: "a PCG's profile update waits for a person who does not come" },
  "tenant-not-covered": { summary: "a tenant has a PCG that the stack does not list" },
  "release-failed": { summary: "a hop along no supported row was begun by hand, and its Helm release failed" },
  "release-pending-young": { summary: "somebody's helm upgrade began a minute ago" },
  "release-pending-old": { summary: "a killed helm upgrade left its release pending hours ago" },
  "release-fails": { summary: "the first hop's Helm upgrade fails; the next run takes it up again" },
  "rollout-stuck": { summary: "a pod of the installed version cannot pull its image" },
  "ingress-not-cut-over": {
    summary: "DNS still leads to Nginx after the hop that brings Traefik",
    route: { from: "4.8.33", to: "4.8.47", matrix: "palette-kubernetes-4.9.51" },
  },
  "wrong-cluster": { summary: "after enrolment the kubeconfig leads to another cluster" },
  "api-500": { summary: "the Palette API answers 500 for a while" },
  "api-429": { summary: "the Palette API answers 429 for a while" },
  "api-slow": { summary: "the Palette API answers slowly" },
  "api-connection-cut": { summary: "the Palette API cuts connections" },
};
