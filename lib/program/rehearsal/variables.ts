/** Names the control address of a simulated site, e.g. `http://127.0.0.1:40123/rehearsal`; refused in production. */
export const rehearsalVariable = "PALETTE_REHEARSAL";

/** Set by the embedded engine for the programs it runs; has an effect only in a rehearsal. */
export const embeddedVariable = "PALETTE_EMBEDDED_ENGINE";

/** Returns the control address of the simulated site without a slash at its end; null outside of a rehearsal. */
export function getSimulatedSite(environment: NodeJS.ProcessEnv): string | null {
  const base = environment[rehearsalVariable];
  return base === undefined || base === "" ? null : base.replace(/\/$/, "");
}

/** Whether the embedded engine runs the program: a `pulumi` on PATH does not know its stacks. */
export function isEmbeddedEngine(environment: NodeJS.ProcessEnv): boolean {
  return environment[embeddedVariable] === "yes" && getSimulatedSite(environment) !== null;
}
