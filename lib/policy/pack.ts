import { PolicyPack, type ReportViolation, type StackValidationPolicy } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { refuseStaleBuild } from "../build-stamp.js";
import { loadMatrix } from "../matrix/load.js";
import { packageRoot } from "../matrix/package-root.js";
import { declaredStack, releaseType, type DeclaredStack } from "./declared-stack.js";
import { strayGates } from "./gate-destination.js";
import { ungatedReleases } from "./gated-release.js";
import { unprotectedReleases } from "./protected-release.js";
import { requiredGates } from "./required-gates.js";
import { policySettings, type PolicySettings } from "./stack-settings.js";
import { unsupportedHops } from "./supported-hop.js";
import { type Violation } from "./violation.js";

const settings = (): PolicySettings => policySettings(pulumi.runtime.allConfig());

/** A policy over the whole stack; whatever hinders its judgement is a violation too. */
function ofStack(
  name: string,
  description: string,
  judge: (stack: DeclaredStack) => Violation[],
): StackValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    validateStack: ({ resources }, report) => tell(judge(declaredStack(resources)), report),
  };
}

function tell(violations: readonly Violation[], report: ReportViolation): void {
  for (const { urn, message } of violations) report(message, urn ?? undefined);
}

/** Starts the pack that `policy/` names: four rules over plain data, each mandatory. */
export function startPolicyPack(): void {
  refuseStaleBuild(packageRoot(), __dirname);
  new PolicyPack("palette-upgrade", {
    enforcementLevel: "mandatory",
    policies: [
      ofStack("supported-hop", "A hop is a supported row of the pinned matrix, or a row of the site's own.", (stack) =>
        unsupportedHops(stack, { matrixOf: loadMatrix, ownRows: settings().ownRows }),
      ),
      ofStack("gated-release", "Every Helm release waits for every gate that its hop needs.", (stack) =>
        ungatedReleases(stack, requiredGates(stack, settings().hasGateways)),
      ),
      ofStack("gate-destination", "Every gate judges for the version that hubble moves to.", strayGates),
      {
        name: "protected-release",
        description: "Every Helm release is protected, so that no update uninstalls it.",
        enforcementLevel: "mandatory",
        validateResource: ({ type, name, urn, opts }, report) => {
          if (type !== releaseType) return;
          tell(unprotectedReleases([{ urn, name, isProtected: opts.protect }]), report);
        },
      },
    ],
  });
}
