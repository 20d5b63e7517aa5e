import { type Ingress } from "../../planning/rules/types.js";
import { getIngress } from "../../planning/rules/rules.js";
import { type ExposedService } from "../../site/types.js";
import { nginxService } from "../ingress/judge.js";
import { type Gate, type GateInput, type Observed } from "../verdict/types.js";
import { createVerdict, read, toErrorFinding } from "../verdict/findings.js";
import { listExposedSettings } from "./equivalents.js";
import { type Exposure, judgeExposure } from "./judge.js";

/** Before a hop that changes the ingress, reports what is exposed today and what may be lost. */
export const ingressExposureGate: Gate = {
  name: "ingress-exposure",
  timing: { deadlineSeconds: 120, intervalSeconds: 10, samples: 1 },
  recheck: "start-only",
  async sample({ site, edge }, signal) {
    const exposure = await read(() => probeExposure(site, getIngress(edge.from), getIngress(edge.to)), signal);
    if (!exposure.ok) {
      const finding = toErrorFinding(exposure.error, null, "Today's ingress Service could not be read");
      return createVerdict("ingress-exposure", [finding], null);
    }
    return createVerdict("ingress-exposure", judgeExposure(exposure.value), toObserved(exposure.value));
  },
};

async function probeExposure({ kubernetes }: GateInput["site"], today: Ingress, after: Ingress): Promise<Exposure> {
  const service = await kubernetes.serviceAddresses(today.namespace, today.service);
  const { namespace, service: name } = nginxService;
  const old = today.controller === "traefik" ? await kubernetes.serviceAddresses(namespace, name) : null;
  return { service, today, after, leaving: old === null ? null : { name: `${namespace}/${name}`, service: old } };
}

function toObserved({ service, today, after, leaving }: Exposure): Observed {
  return {
    controller: today.controller,
    next: after.controller,
    ...summarizeService(service),
    leaving: leaving === null ? null : { name: leaving.name, ...summarizeService(leaving.service) },
  };
}

/** Summarizes a Service as evidence. Annotations by name only: a value may be confidential. */
function summarizeService(service: ExposedService | null): { [key: string]: Observed } {
  return {
    type: service?.type ?? null,
    class: service?.loadBalancerClass ?? null,
    addresses: service === null ? null : [...service.addresses],
    annotations: service === null ? null : Object.keys(service.annotations).sort(),
    settings: service === null ? null : listExposedSettings(service).map(({ name }) => name),
  };
}
