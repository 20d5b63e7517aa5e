import { PolicyPack, type ReportViolation, type StackValidationPolicy } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { refuseStaleBuild } from "../base/process/build-stamp.js";
import { findPackageRoot } from "../base/process/package-root.js";
import {
  type DeclaredStack,
  parsePolicySettings,
  type PolicySettings,
  readDeclaredStack,
  releaseType,
  type Violation,
} from "./declared-stack.js";
import {
  checkGateDestinations,
  checkGatedReleases,
  checkProtectedReleases,
  listRequiredGates,
} from "./gated-release.js";
import { checkSupportedHops, loadDeclaredMatrix } from "./supported-hop.js";

const readSettings = (): PolicySettings => parsePolicySettings(pulumi.runtime.allConfig());

/** Creates a mandatory policy over the whole stack; `judge` also reports what it cannot judge as a violation. */
function createStackPolicy(
  name: string,
  description: string,
  judge: (stack: DeclaredStack) => Violation[],
): StackValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    validateStack: ({ resources }, report) => reportViolations(judge(readDeclaredStack(resources)), report),
  };
}

function reportViolations(violations: readonly Violation[], report: ReportViolation): void {
  for (const { urn, message } of violations) report(message, urn ?? undefined);
}

/** Starts the policy pack of `policy/`: four mandatory rules over plain data. */
export function startPolicyPack(): void {
  refuseStaleBuild(findPackageRoot(), __dirname);
  new PolicyPack("palette-upgrade", {
    enforcementLevel: "mandatory",
    policies: [
      createStackPolicy(
        "supported-hop",
        "A hop is a supported row of the pinned matrix, or a row of the site's own.",
        (stack) => checkSupportedHops(stack, { getMatrix: loadDeclaredMatrix, ownRows: readSettings().ownRows }),
      ),
      createStackPolicy("gated-release", "Every Helm release waits for every gate that its hop needs.", (stack) =>
        checkGatedReleases(stack, listRequiredGates(stack, readSettings().hasGateways)),
      ),
      createStackPolicy(
        "gate-destination",
        "Every gate judges for the version that hubble moves to.",
        checkGateDestinations,
      ),
      {
        name: "protected-release",
        description: "Every Helm release is protected, so that no update uninstalls it.",
        enforcementLevel: "mandatory",
        validateResource: ({ type, name, urn, opts }, report) => {
          if (type !== releaseType) return;
          reportViolations(checkProtectedReleases([{ urn, name, isProtected: opts.protect }]), report);
        },
      },
    ],
  });
}
