import { runGateRequest } from "../../../lib/gates/run/request.js";
import { getGateByName } from "../../../lib/gates/registry.js";
import { type Gate, type GateName, type GateReport } from "../../../lib/gates/verdict/types.js";
import { connectSite } from "../../../lib/site/connect.js";
import { createConnectOptions } from "../../../lib/program/rehearsal/connect-options.js";
import { readGateSecrets, type GateSecrets } from "../../../lib/settings/gate-secrets.js";
import { defaultGateSettings, type GateSettings } from "../../../lib/settings/gate-settings.js";
import { type ClusterRig } from "./cluster-rig.js";

export interface GateQuestion {
  to: string;
  when?: "before" | "after";
  /** Default: straight to the API server. */
  kubeconfig?: string;
  settings?: Partial<GateSettings>;
  environment?: NodeJS.ProcessEnv;
}

/** What gates and acts by hand are told of the rig: where it is, and with whose keys. */
export function placeOf(
  rig: ClusterRig,
  { kubeconfig, settings, environment }: Omit<GateQuestion, "to" | "when">,
): { settings: GateSettings; secrets: GateSecrets; environment: NodeJS.ProcessEnv } {
  const tenants = Object.entries(rig.site.pcgs).map(([tenant, pcgs]) => ({ name: tenant, pcgs }));
  const keys = tenants.map(({ name: tenant }, at) => [`PALETTE_API_KEY_${at}`, rig.site.apiKeys[tenant]] as const);
  const entries = { ...Object.fromEntries(keys), ...environment };
  return {
    settings: {
      ...defaultGateSettings,
      kubernetes: { kubeconfig: kubeconfig ?? rig.plane.kubeconfig, context: null },
      site: { ...defaultGateSettings.site, apiUrl: rig.site.url, rootDomain: "palette.rehearsal.example" },
      tenants,
      mongo: { ...defaultGateSettings.mongo, samples: 1, intervalSeconds: 0.5, deadlineSeconds: 15 },
      rollout: { deadlineSeconds: 10, intervalSeconds: 0.5, samples: 2 },
      gates: { deadlineSeconds: 15, intervalSeconds: 0.5, samples: null },
      helm: { ...defaultGateSettings.helm, timeoutSeconds: 10 },
      ...settings,
    },
    secrets: readGateSecrets(entries, tenants.length),
    environment: entries,
  };
}

/**
 * A gate as by hand, with the code of its Command, against the rig's cluster; it looks often and gives up soon, though
 * not before three mongosh have answered on a machine with two cores: a deadline cuts the sample it meets.
 */
export async function judged(rig: ClusterRig, gate: GateName | Gate, question: GateQuestion): Promise<GateReport> {
  const { settings, secrets, environment } = placeOf(rig, question);
  const clock = createConnectOptions(environment).clock;
  return runGateRequest(
    typeof gate === "string" ? getGateByName(gate) : gate,
    {
      to: question.to,
      when: question.when ?? "before",
      settings,
      secrets,
    },
    { connect: (own, keys) => connectSite(own, keys, { environment, clock }), clock },
  );
}

/** `outcome CODE,CODE` without remarks. */
export function verdictWords({ outcome, reasons }: GateReport): string {
  const codes = [...new Set(reasons.map(({ code }) => code))].filter((code) => code !== "NOTE").sort();
  return [outcome, ...codes].join(" ");
}

/** All sentences of a report. */
export function sentences({ reasons }: GateReport): string {
  return reasons.map(({ message }) => message).join("\n");
}
