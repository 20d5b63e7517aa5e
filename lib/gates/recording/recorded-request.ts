import * as z from "zod";
import { gateSettingsSchema } from "../../settings/gate-settings.js";
import { type GateRequest, hopPairsSchema, promotedHopsSchema, settledRevisionsSchema } from "../run/codec.js";
import { selectBaseline } from "../run/request.js";
import { measuredHops } from "../verdict/measured-hops.js";

const textsSchema = z.record(z.string(), z.string());

/** A gate's request in the file of a record: without secrets and acceptances, the baselines as the gate got them. */
export const recordedRequestSchema = z.strictObject({
  to: z.string(),
  when: z.enum(["before", "after"]),
  settings: gateSettingsSchema,
  baseline: textsSchema,
  profileBaseline: textsSchema.optional(),
  held: settledRevisionsSchema.optional(),
  only: z.string().nullable(),
  ingressProvedAt: z.string().nullable(),
  promoted: promotedHopsSchema.nullable().optional(),
  ahead: hopPairsSchema.optional(),
  measured: measuredHops.optional(),
  install: z.boolean().optional(),
});

export function encodeRecordedRequest(request: GateRequest): z.input<typeof recordedRequestSchema> {
  const { to, when, settings, settledRevisions, only, ingressProvedAt, promoted, ahead, measured, install } = request;
  return z.encode(recordedRequestSchema, {
    to,
    when,
    settings,
    ...selectBaseline(request),
    held: settledRevisions,
    only: only ?? null,
    ingressProvedAt: ingressProvedAt ?? null,
    promoted,
    ahead,
    measured,
    install,
  });
}

/** Returns the request that a record holds; secrets are empty. */
export function decodeRecordedRequest(recorded: z.output<typeof recordedRequestSchema>): GateRequest {
  const { to, when, settings, baseline, profileBaseline: profiles, ahead, measured, install } = recorded;
  return {
    to,
    when,
    settings,
    secrets: { apiKeys: [], mongoUri: "", chartsPassword: "" },
    baseline,
    // The file does not say at which version the profiles were recorded; it has them only where they count.
    readiness: profiles && { live: "", agents: {}, profiles },
    settledRevisions: recorded.held,
    only: recorded.only ?? undefined,
    ingressProvedAt: recorded.ingressProvedAt ?? undefined,
    promoted: recorded.promoted ?? undefined,
    ahead,
    measured,
    install,
  };
}
