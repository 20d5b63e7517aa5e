import { type GateName } from "../gates/gate-names.js";

/** What a gate's Command runs: relative and free of versions, else another machine would run every gate again. */
export function gateCommandText(gate: GateName): string {
  return `exec node bin/palette-upgrade gate ${gate}`;
}
