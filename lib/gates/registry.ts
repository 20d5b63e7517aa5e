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

const gates: Record<GateName, Gate> = {
  "mongo-replica-set": mongoReplicaSetGate,
  "mongo-fcv": mongoFcvGate,
  "helm-release": helmReleaseGate,
  rollout: rolloutGate,
  "kubernetes-version": kubernetesVersionGate,
  "pcg-readiness": pcgReadinessGate,
  "pcg-catch-up": pcgCatchUpGate,
  ingress: ingressGate,
  "ingress-exposure": ingressExposureGate,
  values: valuesGate,
  images: imagesGate,
  backup: backupGate,
  window: windowGate,
  promotion: promotionGate,
  "own-check": ownCheckGate,
};

/** The gate of that name (`mongo` is short for `mongo-replica-set`). @throws InvalidInputError `GATE_UNKNOWN`. */
export function getGateByName(name: string): Gate {
  const known = gateNames.find((each) => each === (name === "mongo" ? "mongo-replica-set" : name));
  if (known !== undefined) return gates[known];
  throw new InvalidInputError("GATE_UNKNOWN", `gate: "${name}" is not known.`, {
    next: `Name one of ${gateNames.join(", ")}.`,
  });
}
