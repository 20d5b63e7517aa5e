import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type GateName } from "../../gates/verdict/types.js";
import { formatGateCommand } from "./gate-command-text.js";
import { type GateEnvironment } from "../../gates/run/environment.js";

export interface GateCommandArgs {
  gate: GateName;
  environment: GateEnvironment;
  /** Further entries, e.g. PCG and BASELINE. */
  extra?: Record<string, pulumi.Input<string>>;
}

/**
 * Declares one gate as a Command: it shows in the diff, and its evidence is kept in the state. The command line is
 * relative and without versions, or another machine would run every gate again. The destination is in the environment,
 * not in `triggers`, which would replace the resource. Secrets are single secret entries beside a plain TO.
 */
export function declareGateCommand(
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
      create: formatGateCommand(gate),
      environment: { ...environment.plain, ...environment.accept(gate), ...extra, ...secret },
      logging: local.Logging.None,
      addPreviousOutputInEnv: false,
    },
    options,
  );
}
