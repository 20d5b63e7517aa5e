import * as z from "zod";
import { InvalidInputError } from "../../base/errors/errors.js";
import { type GateRequest } from "../run/codec.js";
import { type GateProcessDeps, runGateRequest } from "../run/request.js";
import { type Gate, type GateName, type GateReport, type Observed } from "../verdict/types.js";
import { redactObserved } from "../verdict/redact.js";
import { listSecretTexts } from "../../settings/gate-secrets.js";
import { parseVersion } from "../../planning/version/version.js";
import { createRecorder, createReplayer } from "./cassette.js";
import { decodeRecordedRequest, encodeRecordedRequest, recordedRequestSchema } from "./recorded-request.js";
import {
  createRecordedClock,
  createRecordedGate,
  createRecordedSite,
  getSiteShape,
  type SiteShape,
} from "./recorded-site.js";

const recordMarker = "palette-upgrade gate record";
const errorSchema = z.strictObject({
  name: z.enum(["SiteError", "InvalidInputError", "Error"]),
  kind: z.string(),
  message: z.string(),
  next: z.string().optional(),
});
const recordSchema = z.strictObject({
  record: z.literal(recordMarker),
  gate: z.string(),
  ...recordedRequestSchema.shape,
  site: z.strictObject({ tenants: z.array(z.string()), mongo: z.boolean() }),
  answers: z.array(z.strictObject({ call: z.string(), value: z.unknown().optional(), error: errorSchema.optional() })),
});

/** Gates whose answers must not be recorded, and why. */
const unrecordable: Partial<Record<GateName, string>> = {
  values:
    "it compares the values that Helm stores of the releases, which may hold secrets and are never written to a file",
  images: "it renders charts with the values that Helm stores, which may hold secrets and are never written to a file",
};

/**
 * Checks that a gate may be recorded. @throws InvalidInputError `RECORD_UNSUPPORTED` if its answers must not be kept.
 */
function assertRecordable({ name }: Gate, { settings }: Pick<GateRequest, "settings">): void {
  const signed = name === "promotion" && settings.promotion.file !== null;
  const why = signed ? "palette:promotion.file is its record already, signed" : unrecordable[name];
  if (why === undefined) return;
  throw new InvalidInputError("RECORD_UNSUPPORTED", `--record: ${name} cannot be recorded: ${why}.`, {
    next: `Run it at the site: palette-upgrade gate ${name} --to VERSION --output json.`,
  });
}

/**
 * Runs a gate once against the live site and records the answers it got, so that {@link judgeRecord} can judge them
 * again. Returns the report and the text of the record. Acceptances are not recorded.
 * @throws InvalidInputError `RECORD_UNSUPPORTED`; `RECORD_UNFAITHFUL` if the record does not lead to the same outcome
 * and reasons
 */
export async function recordInspection(
  gate: Gate,
  request: GateRequest,
  { connect, clock, needs }: GateProcessDeps,
): Promise<{ report: GateReport; text: string }> {
  assertRecordable(gate, request);
  const secretValues = listSecretTexts(request.secrets);
  const { source, answers } = createRecorder(secretValues);
  let site: SiteShape = { tenants: [], mongo: false };
  const report = await runGateRequest(
    createRecordedGate(gate, source),
    { ...request, acceptances: undefined },
    {
      connect: (settings, given) => {
        const live = connect(settings, given);
        site = getSiteShape(live);
        return createRecordedSite(site, source, live);
      },
      clock: createRecordedClock(source, clock),
      needs,
    },
    { single: true },
  );
  const plain = JSON.parse(
    JSON.stringify({ record: recordMarker, gate: gate.name, ...encodeRecordedRequest(request), site }),
  ) as Observed;
  const text = `${JSON.stringify({ ...(redactObserved(plain, secretValues) as object), answers }, null, 1)}\n`;
  const replayedReport = await judgeRecord(gate, text, "the record", needs);
  if (formatEnd(replayedReport) === formatEnd(report)) return { report, text };
  throw new InvalidInputError(
    "RECORD_UNFAITHFUL",
    `--record: what was kept of ${gate.name} leads to another end than the sample itself (${formatEnd(replayedReport)} instead of ${formatEnd(report)}).`,
    { next: "Keep the report instead: the same command with --output json and without --record." },
  );
}

function formatEnd({ outcome, reasons }: GateReport): string {
  return [outcome, ...reasons.map(({ code }) => code)].join(" ");
}

/** Whether a text is a gate record, possibly truncated. */
export function isGateRecord(text: string): boolean {
  return text.slice(0, 200).includes(recordMarker);
}

/**
 * Judges a record with the gate's own code, without a site.
 * @param from name of the record in error messages
 * @throws InvalidInputError `RECORD_INVALID`, `RECORD_OF_ANOTHER_GATE`, `RECORD_INCOMPLETE`
 */
export async function judgeRecord(
  gate: Gate,
  text: string,
  from: string,
  needs?: GateProcessDeps["needs"],
): Promise<GateReport> {
  const { answers, site, ...recordedRequest } = parseRecord(gate, text, from);
  const { source, missing } = createReplayer(answers);
  const gateways = new Set(recordedRequest.settings.pcg.clusters.map(({ pcg }) => pcg));
  const replayed = createRecordedSite(site, source, null);
  const findGatewayCluster = (pcg: string) => (gateways.has(pcg) ? (replayed.getGatewayCluster?.(pcg) ?? null) : null);
  parseVersion(recordedRequest.to, `${from}: to`);
  const report = await runGateRequest(
    createRecordedGate(gate, source),
    decodeRecordedRequest(recordedRequest),
    {
      connect: () => ({ ...replayed, getGatewayCluster: findGatewayCluster }),
      clock: createRecordedClock(source, null),
      needs,
    },
    { single: true },
  ).catch((error: unknown) => {
    if (missing.length === 0) throw error;
    throw createIncompleteError(from, missing);
  });
  if (missing.length > 0) throw createIncompleteError(from, missing);
  return report;
}

function parseRecord(gate: Gate, text: string, from: string): z.infer<typeof recordSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw createRecordError("RECORD_INVALID", `${from} is no whole record: it is not JSON, or was cut`);
  }
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) {
    const keys = [...new Set(parsed.error.issues.map(({ path }) => path.join(".") || "the whole"))].slice(0, 5);
    throw createRecordError(
      "RECORD_INVALID",
      `${from} is no record of a sample (missing or wrong: ${keys.join(", ")})`,
    );
  }
  if (parsed.data.gate === gate.name) return parsed.data;
  throw createRecordError(
    "RECORD_OF_ANOTHER_GATE",
    `${from} is a record of gate ${parsed.data.gate}, not of ${gate.name}`,
  );
}

function createIncompleteError(from: string, missing: readonly string[]): InvalidInputError {
  return createRecordError(
    "RECORD_INCOMPLETE",
    `${from} does not hold all that the gate asks (missing: ${missing[0]})`,
  );
}

function createRecordError(code: string, fault: string): InvalidInputError {
  return new InvalidInputError(code, `--judge: ${fault}.`, {
    next: "Make one with palette-upgrade gate NAME --to VERSION --record FILE, with the same version of this tool.",
  });
}
