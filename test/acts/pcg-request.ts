import type { Act, ActRequest } from "../../lib/acts/types.js";
import type { Rehearsed } from "../../packages/rehearsal/test/site/running.js";

/** Legend: tenant acme has pcg-vsphere (by the CLI, hit by faults) and pcg-existing; globex has pcg-maas. */
export const vsphere = "acme/pcg-vsphere";

/** An act asked for on a simulated site. */
export async function requestOn(
  { settings, site, clock, running }: Rehearsed,
  options: Record<string, string>,
  change: Partial<ActRequest> = {},
): Promise<ActRequest> {
  const apiKeys = settings.tenants.map(({ name }) => running.apiKeys[name]!);
  return Promise.resolve({
    hop: { from: "4.1.12", to: "4.2.7" },
    options,
    settings,
    secrets: { apiKeys, mongoUri: "", chartsPassword: "" },
    site,
    clock,
    signal: new AbortController().signal,
    ...change,
  });
}

/** What a proposal refuses for. */
export const codesOf = async (act: Act, request: ActRequest): Promise<string[]> =>
  (await act.propose(request)).refusals.map(({ code }) => code);
