import { ingressOf } from "../../plan/rules.js";
import type { Gate } from "../types.js";
import { findingOfError, read, verdictOf } from "../verdict.js";
import { judgeExposure } from "./judge.js";

/** Before a hop that changes the ingress: what is exposed today, and what of it may be lost. */
export const ingressExposureGate: Gate = {
  name: "ingress-exposure",
  timing: { deadlineSeconds: 120, intervalSeconds: 10, samples: 1 },
  recheck: "start-only",
  reads: ["services (get) of the ingress namespace"],
  async sample({ site, edge }, signal) {
    const [today, after] = [ingressOf(edge.from), ingressOf(edge.to)];
    const service = await read(() => site.kubernetes.serviceAddresses(today.namespace, today.service), signal);
    if (!service.ok) {
      const finding = findingOfError(service.error, null, "Today's ingress Service could not be read");
      return verdictOf("ingress-exposure", [finding], null);
    }
    return verdictOf("ingress-exposure", judgeExposure({ service: service.value, today, after }), {
      controller: today.controller,
      next: after.controller,
      addresses: service.value === null ? null : [...service.value.addresses],
      // Names only: a value may hold what is nobody else's business.
      annotations: service.value === null ? null : Object.keys(service.value.annotations).sort(),
    });
  },
};
