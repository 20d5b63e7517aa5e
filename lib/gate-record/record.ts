import { z } from "zod";
import { noAcceptances } from "../accept/carried.js";
import { InvalidInputError } from "../errors.js";
import { roles } from "../plan/rules-types.js";
import { secretTexts } from "../stack/gate-secrets.js";
import { gateSettingsSchema } from "../stack/gate-settings.js";
import { parseVersion } from "../version/version.js";
import { measuredHops, runGateRequest, type GateProcessDeps, type GateRequest } from "../gates/process.js";
import { redactObserved } from "../gates/redact.js";
import type { Gate, GateName, GateReport, Observed } from "../gates/types.js";
import { recordingTape, replayingTape } from "./tape.js";
import { shapeOf, tapedClock, tapedGate, tapedSite, type SiteShape } from "./taped-site.js";

const mark = "palette-upgrade gate record";
const noSecrets = { apiKeys: [], mongoUri: "", chartsPassword: "" };
const texts = z.record(z.string(), z.string());
const held = z.strictObject({ role: z.enum(roles), revision: z.number(), valuesDigest: z.string() });
const hop = z.strictObject({ from: z.string(), to: z.string(), chartDigests: texts, verifiedAt: z.string() });
const fault = z.strictObject({
  name: z.enum(["SiteError", "InvalidInputError", "Error"]),
  kind: z.string(),
  message: z.string(),
  next: z.string().optional(),
});
const recordSchema = z.strictObject({
  record: z.literal(mark),
  gate: z.string(),
  to: z.string(),
  when: z.enum(["before", "after"]),
  settings: gateSettingsSchema,
  baseline: texts,
  profileBaseline: texts.optional(),
  held: z.array(held).optional(),
  only: z.string().nullable(),
  ingressProvedAt: z.string().nullable(),
  promoted: z.array(hop).nullable().optional(),
  measured: measuredHops.optional(),
  install: z.boolean().optional(),
  site: z.strictObject({ tenants: z.array(z.string()), mongo: z.boolean() }),
  answers: z.array(z.strictObject({ call: z.string(), value: z.unknown().optional(), error: fault.optional() })),
});

/** Gates whose answers may not be kept. */
const unrecordable: Partial<Record<GateName, string>> = {
  values:
    "it compares the values that Helm stores of the releases, which may hold secrets and are never written to a file",
  images: "it renders charts with the values that Helm stores, which may hold secrets and are never written to a file",
};

/** @throws InvalidInputError `RECORD_UNSUPPORTED` for a gate whose answers may not be kept. */
export function assertRecordable({ name }: Gate, { settings }: Pick<GateRequest, "settings">): void {
  const signed = name === "promotion" && settings.promotion.file !== null;
  const why = signed ? "palette:promotionFile is its record already, signed" : unrecordable[name];
  if (why === undefined) return;
  throw new InvalidInputError("RECORD_UNSUPPORTED", `--record: ${name} cannot be recorded: ${why}.`, {
    next: `Run it at the site: palette-upgrade gate ${name} --to VERSION --output json.`,
  });
}

/**
 * One live look of a gate, and the text of a record from which {@link judgeRecord} judges the same. What people have accepted is
 * not in it. @throws InvalidInputError `RECORD_UNSUPPORTED`; `RECORD_UNFAITHFUL` where the record does not lead to the same end
 */
export async function recordLook(
  gate: Gate,
  request: GateRequest,
  { connect, clock, needs }: GateProcessDeps,
): Promise<{ report: GateReport; text: string }> {
  assertRecordable(gate, request);
  const { secrets } = request;
  const asked: Partial<GateRequest> = { ...request };
  delete asked.secrets;
  delete asked.acceptances;
  delete asked.runners;
  const listed = secretTexts(secrets);
  const { tape, answers } = recordingTape(listed);
  let site: SiteShape = { tenants: [], mongo: false };
  const report = await runGateRequest(
    tapedGate(gate, tape),
    { ...request, acceptances: noAcceptances },
    {
      connect: (settings, given) => {
        const live = connect(settings, given);
        site = shapeOf(live);
        return tapedSite(site, tape, live);
      },
      clock: tapedClock(tape, clock),
      ...(needs === undefined ? {} : { needs }),
    },
    { single: true },
  );
  const plain = JSON.parse(JSON.stringify({ record: mark, gate: gate.name, ...asked, site })) as Observed;
  const text = `${JSON.stringify({ ...(redactObserved(plain, listed) as object), answers }, null, 1)}\n`;
  const again = await judgeRecord(gate, text, "the record", needs);
  if (endOf(again) === endOf(report)) return { report, text };
  throw new InvalidInputError(
    "RECORD_UNFAITHFUL",
    `--record: what was kept of ${gate.name} leads to another end than the look itself (${endOf(again)} instead of ${endOf(report)}).`,
    { next: "Keep the report instead: the same command with --output json and without --record." },
  );
}

function endOf({ outcome, reasons }: GateReport): string {
  return [outcome, ...reasons.map(({ code }) => code)].join(" ");
}

/** Whether a text is, or began as, a record of a look. */
export function isRecord(text: string): boolean {
  return text.slice(0, 200).includes(mark);
}

/**
 * Judges a record by the gate's own code, without any site.
 * @param from what the text is called in an error
 * @throws InvalidInputError `RECORD_INVALID`, `RECORD_OF_ANOTHER_GATE`, `RECORD_INCOMPLETE`
 */
export async function judgeRecord(
  gate: Gate,
  text: string,
  from: string,
  needs?: GateProcessDeps["needs"],
): Promise<GateReport> {
  const { answers, site, to, ...asked } = parseRecord(gate, text, from);
  const { tape, missing } = replayingTape(answers);
  const gateways = new Set(asked.settings.pcgClusters.map(({ pcg }) => pcg));
  const replayed = tapedSite(site, tape, null);
  const cluster = (pcg: string) => (gateways.has(pcg) ? (replayed.gatewayCluster?.(pcg) ?? null) : null);
  const request = { ...asked, to: parseVersion(to, `${from}: to`), secrets: noSecrets } as GateRequest;
  const report = await runGateRequest(
    tapedGate(gate, tape),
    request,
    {
      connect: () => ({ ...replayed, gatewayCluster: cluster }),
      clock: tapedClock(tape, null),
      ...(needs === undefined ? {} : { needs }),
    },
    { single: true },
  ).catch((error: unknown) => {
    if (missing.length === 0) throw error;
    throw incomplete(from, missing);
  });
  if (missing.length > 0) throw incomplete(from, missing);
  return report;
}

function parseRecord(gate: Gate, text: string, from: string): z.infer<typeof recordSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid("RECORD_INVALID", `${from} is no whole record: it is not JSON, or was cut`);
  }
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) {
    const keys = [...new Set(parsed.error.issues.map(({ path }) => path.join(".") || "the whole"))].slice(0, 5);
    throw invalid("RECORD_INVALID", `${from} is no record of a look (missing or wrong: ${keys.join(", ")})`);
  }
  if (parsed.data.gate === gate.name) return parsed.data;
  throw invalid("RECORD_OF_ANOTHER_GATE", `${from} is a record of gate ${parsed.data.gate}, not of ${gate.name}`);
}

function incomplete(from: string, missing: readonly string[]): InvalidInputError {
  return invalid("RECORD_INCOMPLETE", `${from} does not hold all that the gate asks (missing: ${missing[0]})`);
}

function invalid(code: string, fault: string): InvalidInputError {
  return new InvalidInputError(code, `--judge: ${fault}.`, {
    next: "Make one with palette-upgrade gate NAME --to VERSION --record FILE, with the same version of this tool.",
  });
}
