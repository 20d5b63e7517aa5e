import type { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { declareGateCommand } from "./gate-command.js";
import { type CreateGateRequest } from "./gate-requests.js";

interface PrivateCloudGatewayArgs {
  tenant: string;
  gateway: string;
  request: CreateGateRequest;
}

/**
 * The gates of one PCG: before a hop its readiness, and that it has caught up with the installed version; after the hop
 * its catch-up, which compares with the agent version that the readiness Command recorded.
 */
export class PrivateCloudGateway extends pulumi.ComponentResource {
  private readonly readiness: local.Command;
  /** What must have passed before a release moves. */
  readonly gates: local.Command[];
  private readonly subject: string;

  /** `rollout`: the gate that proves the installed version is rolled out; no PCG can catch up before. */
  constructor(
    name: string,
    private readonly args: PrivateCloudGatewayArgs,
    rollout: pulumi.Resource[],
    options: pulumi.ComponentResourceOptions = {},
  ) {
    super("palette:index:PrivateCloudGateway", name, { tenant: args.tenant, gateway: args.gateway }, options);
    this.subject = `${args.tenant}/${args.gateway}`;
    this.readiness = declareGateCommand(
      `readiness-${name}`,
      { gate: "pcg-readiness", request: args.request("pcg-readiness", "before", this.subject) },
      { parent: this },
    );
    const settled = declareGateCommand(
      `settled-${name}`,
      { gate: "pcg-catch-up", request: args.request("pcg-catch-up", "before", this.subject) },
      { parent: this, dependsOn: rollout },
    );
    this.gates = [this.readiness, settled];
  }

  /**
   * Declares the catch-up, to run when `checks` have passed. `ingressProvedAt`: when the root domain was proved to lead to
   * the new ingress, empty where the hop changed none; no PCG can be expected to catch up before.
   */
  declareCatchUp(checks: pulumi.Resource[], ingressProvedAt: pulumi.Input<string>): local.Command {
    const catchUp = declareGateCommand(
      `catch-up-${this.subject.replace("/", "-")}`,
      {
        gate: "pcg-catch-up",
        request: this.args.request("pcg-catch-up", "after", this.subject),
        late: { readiness: this.readiness.stdout, ingressProvedAt },
      },
      { parent: this, dependsOn: checks },
    );
    this.registerOutputs({ readiness: this.readiness.stdout, catchUp: catchUp.stdout });
    return catchUp;
  }
}
