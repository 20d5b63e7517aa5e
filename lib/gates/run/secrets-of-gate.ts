import { type GateName } from "../../planning/rules/types.js";
import { type GateSecrets } from "../../settings/gate-secrets.js";

/** Who asks Palette, a MongoDB outside the cluster, or a chart registry. */
const needs: Partial<Record<GateName, keyof GateSecrets>> = {
  "mongo-replica-set": "mongoUri",
  "mongo-fcv": "mongoUri",
  "pcg-readiness": "apiKeys",
  "pcg-catch-up": "apiKeys",
  "helm-release": "chartsPassword",
  values: "chartsPassword",
  images: "chartsPassword",
  promotion: "chartsPassword",
};

/** Leaves of the secrets what a gate needs; API keys keep their order. */
export function selectGateSecrets(gate: GateName, secrets: GateSecrets): GateSecrets {
  const needed = needs[gate];
  return {
    apiKeys: needed === "apiKeys" ? secrets.apiKeys : secrets.apiKeys.map(() => ""),
    mongoUri: needed === "mongoUri" ? secrets.mongoUri : "",
    chartsPassword: needed === "chartsPassword" ? secrets.chartsPassword : "",
  };
}
