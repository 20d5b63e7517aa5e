import { type GateName, gateNames } from "../../planning/rules/types.js";

/**
 * Formats the command line of a gate's Command: relative and without versions, or another machine would run it again.
 */
export function formatGateCommand(gate: GateName): string {
  return `exec node bin/palette-upgrade gate ${gate}`;
}

/** Returns the gate that this command line runs; undefined for any other text. */
export function parseGateCommand(text: string): GateName | undefined {
  return gateNames.find((gate) => formatGateCommand(gate) === text);
}
