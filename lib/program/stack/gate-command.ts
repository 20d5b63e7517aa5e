import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type GateName } from "../../gates/verdict/types.js";
import { formatGateCommand } from "./gate-command-text.js";
import { encodeGateRequest, type GateRequest, type LateValues, nameLateEntries } from "../../gates/run/codec.js";

export interface GateCommandArgs {
  gate: GateName;
  request: GateRequest;
  /** What other Commands of this update find out. */
  late?: LateValues<pulumi.Input<string>>;
}

/**
 * Declares one gate as a Command: it shows in the diff, and its evidence is kept in the state. The command line is
 * relative and without versions, or another machine would run every gate again. The destination is in the environment,
 * not in `triggers`, which would replace the resource. Secrets are single secret entries beside a plain TO.
 */
export function declareGateCommand(
  name: string,
  { gate, request, late }: GateCommandArgs,
  options: pulumi.CustomResourceOptions,
): local.Command {
  const { plain, secret } = encodeGateRequest(request);
  return new local.Command(
    name,
    {
      create: formatGateCommand(gate),
      environment: {
        ...plain,
        ...(late && nameLateEntries(late)),
        ...Object.fromEntries(Object.entries(secret).map(([key, value]) => [key, pulumi.secret(value)])),
      },
      logging: local.Logging.None,
      addPreviousOutputInEnv: false,
    },
    options,
  );
}
