import { InvalidInputError } from "../base/errors/errors.js";
import { backupGate } from "./backup/gate.js";
import { helmReleaseGate } from "./helm-release/gate.js";
import { imagesGate } from "./images/gate.js";
import { ingressExposureGate } from "./ingress-exposure/gate.js";
import { ingressGate } from "./ingress/gate.js";
import { kubernetesVersionGate } from "./kubernetes-version/gate.js";
import { mongoFcvGate } from "./mongo-fcv/gate.js";
import { mongoReplicaSetGate } from "./mongo-replica-set/gate.js";
import { ownCheckGate } from "./own-check/gate.js";
import { pcgCatchUpGate } from "./pcg-catch-up/gate.js";
import { pcgReadinessGate } from "./pcg-readiness/gate.js";
import { promotionGate } from "./promotion/gate.js";
import { rolloutGate } from "./rollout/gate.js";
import { windowGate } from "./window/gate.js";
import { valuesGate } from "./values/gate.js";
import { gateNames, type Gate, type GateName } from "./verdict/types.js";

const gates: Gate[] = [
  mongoReplicaSetGate,
  mongoFcvGate,
  helmReleaseGate,
  rolloutGate,
  kubernetesVersionGate,
  pcgReadinessGate,
  pcgCatchUpGate,
  ingressGate,
  ingressExposureGate,
  valuesGate,
  imagesGate,
  backupGate,
  windowGate,
  promotionGate,
  ownCheckGate,
];

const byName = new Map<string, Gate>(gates.map((gate) => [gate.name, gate]));
const shortNames: Record<string, GateName> = { mongo: "mongo-replica-set" };

/** Names of the gates that can be run, in the order of the contract. */
export function listImplementedGates(): GateName[] {
  return gateNames.filter((name) => byName.has(name));
}

/** True for a gate that can be run. */
export function isImplemented(name: GateName): boolean {
  return byName.has(name);
}

/** The gate of that name (`mongo` is short for `mongo-replica-set`). @throws InvalidInputError `GATE_UNKNOWN`. */
export function getGateByName(name: string): Gate {
  const gate = byName.get(shortNames[name] ?? name);
  if (gate !== undefined) return gate;
  throw new InvalidInputError("GATE_UNKNOWN", `gate: "${name}" is not known.`, {
    next: `Name one of ${listImplementedGates().join(", ")}.`,
  });
}
