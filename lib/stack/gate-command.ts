import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type GateName } from "../gates/types.js";
import { gateCommandText } from "./gate-command-text.js";
import { type GateEnvironment } from "./gate-environment.js";

export interface GateCommandArgs {
  gate: GateName;
  environment: GateEnvironment;
  /** Further entries, e.g. PCG and BASELINE. */
  extra?: Record<string, pulumi.Input<string>>;
}

/**
 * One gate as a Command: visible in the diff, its evidence in state. The text is relative and free of versions, else
 * another machine would run every gate again; the destination is in the environment, not in `triggers`, which would
 * replace. Secrets are single secret entries beside a plain TO.
 */
export function gateCommand(
  name: string,
  { gate, environment, extra = {} }: GateCommandArgs,
  options: pulumi.CustomResourceOptions,
): local.Command {
  const secret = Object.fromEntries(
    Object.entries(environment.secret).map(([key, value]) => [key, pulumi.secret(value)]),
  );
  return new local.Command(
    name,
    {
      create: gateCommandText(gate),
      environment: { ...environment.plain, ...environment.accept(gate), ...extra, ...secret },
      logging: local.Logging.None,
      addPreviousOutputInEnv: false,
    },
    options,
  );
}
