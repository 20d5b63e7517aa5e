/** Name of the environment variable that puts gates and program on the simulated site's clock; refused in production. */
export const rehearsalVariable = "PALETTE_REHEARSAL";

/** Set by the embedded engine for the programs it runs; has an effect only in a rehearsal. */
export const embeddedVariable = "PALETTE_EMBEDDED_ENGINE";
