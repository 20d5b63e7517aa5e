import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { connectTenant, type TenantConnection } from "../../../lib/site/palette/api.js";
import { type TenantApi } from "../../../lib/site/types.js";
import { fakeClock } from "../fake-clock.js";

export const apiKey = "planted-api-key";

/** Tenant acme of the API at an address, on a clock that costs no time. */
export function tenantAt(baseUrl: string, more: Partial<TenantConnection> = {}): TenantApi {
  return connectTenant({ baseUrl, tenant: "acme", apiKey, caFile: null, clock: fakeClock(), ...more });
}

/** The SiteError that a call ends with; the API key shows nowhere in it. */
export async function siteErrorOf(call: Promise<unknown>): Promise<SiteError> {
  const thrown: unknown = await call.then(
    () => assert.fail("it was answered"),
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof SiteError, String(thrown));
  for (const text of [thrown.message, thrown.stack ?? "", JSON.stringify(thrown), String(thrown.cause)]) {
    assert.ok(!text.includes(apiKey), "the API key shows");
  }
  return thrown;
}
