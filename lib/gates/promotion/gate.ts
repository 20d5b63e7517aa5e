import { readFileSync } from "node:fs";
import { checkCharts, collectVersionDigests } from "../../site/charts/check-charts.js";
import { getErrorMessage, PaletteError } from "../../base/errors/errors.js";
import { loadRules } from "../../planning/rules/rules.js";
import { verifyPromotion } from "../consent/promotion-file.js";
import { type GateSettings } from "../../settings/gate-settings.js";
import { toGateSiteFacts } from "../../settings/site-facts.js";
import { getGateTiming } from "../run/timing.js";
import { type Gate, type GateInput, type PromotedHop } from "../verdict/types.js";
import { createNotConfiguredVerdict, createVerdict, type Finding, read, toErrorFinding } from "../verdict/findings.js";
import { judgePromotion } from "./judge.js";
import { judgePromotionFile, type PromotionBinding } from "./judge-file.js";

/** sha256 by role of the charts that the hop moves to. */
export type ChartDigestReader = (input: GateInput) => Promise<Record<string, string>>;

const timing = { deadlineSeconds: 15 * 60, intervalSeconds: 30, samples: 1 };

/** Checks, by stack outputs or a signed file, that the previous stage took this hop at least `promotion.holdSeconds` ago. */
export function createPromotionGate(readDigests: ChartDigestReader): Gate {
  return {
    name: "promotion",
    timing,
    recheck: "start-only",
    async sample(input, signal) {
      const { promotion } = input.settings;
      if (promotion.stack === null && promotion.file === null)
        return createNotConfiguredVerdict(
          "promotion",
          "Neither palette:promotion.stack nor palette:promotion.file is set",
          input.edge,
        );
      const now = await input.clock.now();
      const proved = readProvedHops(input, promotion, now);
      if ("findings" in proved) return createVerdict("promotion", proved.findings, null);
      const digests = await read(() => readDigests(input), signal);
      if (!digests.ok) return createVerdict("promotion", [createUnreadChartsFinding(digests.error)], null);
      const findings = judgePromotion({
        edge: input.edge,
        ahead: input.ahead ?? [],
        ...proved,
        digests: digests.value,
        now,
        holdSeconds: promotion.holdSeconds,
        maxWaitSeconds: getGateTiming({ name: "promotion", timing }, input.settings).deadlineSeconds,
      });
      return createVerdict("promotion", findings, {
        live: input.edge.from,
        stage: proved.stage,
        digests: digests.value,
      });
    },
  };
}

export const promotionGate = createPromotionGate(readDestinationDigests);

type ProvedHops = { stage: string; hops: readonly PromotedHop[] } | { findings: Finding[] };

function readProvedHops(input: GateInput, promotion: GateSettings["promotion"], now: Date): ProvedHops {
  const { promoted, settings } = input;
  const { stack, file, key, stage, maxAgeSeconds } = promotion;
  if (file !== null) {
    if (stack !== null) return createUnknownResult("PROMOTION_AMBIGUOUS", ambiguous);
    if (stage === null) return createUnknownResult("PROMOTION_UNREADABLE", describeMissingStage(file));
    const { edition, clusterUid } = settings;
    return readHopsFromFile({ file, stage, edition, method: "kubernetes", clusterUid, maxAgeSeconds, now }, key);
  }
  if (promoted !== undefined) return { stage: `Stack ${stack}`, hops: promoted };
  return createUnknownResult(
    "PROMOTION_UNREADABLE",
    `The verified hops of stack ${stack} were not handed over: the program reads them in an update; by hand, give them as JSON in the environment entry PROMOTED.`,
  );
}

const ambiguous =
  "palette:promotion.stack and palette:promotion.file are both set, so which one counts is not clear: keep one.";

function describeMissingStage(file: string): string {
  return `palette:promotion.file is ${file}, but palette:promotion.stage names no stage that it has to be of: set it as organization/project/stack.`;
}

function readHopsFromFile(binding: PromotionBinding, key: string | null): ProvedHops {
  const { file } = binding;
  if (key === null)
    return createUnknownResult(
      "PROMOTION_UNREADABLE",
      `palette:promotion.file is ${file}, but palette:promotion.key names no public key to check it by: set it.`,
    );
  try {
    const signed = readSettingFile("file", file);
    const promotion = verifyPromotion({ file, text: signed }, { file: key, text: readSettingFile("key", key) });
    const findings = judgePromotionFile(promotion, binding);
    if (findings.length > 0) return { findings };
    return { stage: `Stack ${promotion.stage} (by ${file})`, hops: promotion.hops };
  } catch (error) {
    if (error instanceof UnreadableFileError) return createUnknownResult("PROMOTION_UNREADABLE", error.message);
    if (!(error instanceof PaletteError))
      return createUnknownResult(
        "PROMOTION_UNREADABLE",
        `The verified hops in ${file} cannot be read: ${getErrorMessage(error)}.`,
      );
    const message = [error.message, error.next ?? ""].join(" ").trimEnd();
    return error.code === "PROMOTION_SIGNATURE"
      ? { findings: [{ outcome: "fail", code: "PROMOTION_SIGNATURE", member: null, message }] }
      : createUnknownResult("PROMOTION_UNREADABLE", message);
  }
}

class UnreadableFileError extends Error {}

/** Reads the file that a setting names. @throws UnreadableFileError naming the setting, the file and what to do. */
function readSettingFile(setting: "file" | "key", file: string): string {
  const what = { file: "the signed file of palette-upgrade promotion export", key: "its public key" };
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === "ENOENT"
        ? "is not there"
        : `cannot be read (${getErrorMessage(error)})`;
    throw new UnreadableFileError(
      `palette:promotion.${setting} names ${file}, which ${why}: put ${what[setting]} there, or name it.`,
    );
  }
}

function createUnreadChartsFinding(error: unknown): Finding {
  if (!(error instanceof PaletteError))
    return toErrorFinding(error, null, "The charts of the destination could not be read");
  const message =
    `The charts of the destination could not be compared with those that were proved: ${error.message} ${error.next ?? ""}`.trimEnd();
  return { outcome: "unknown", code: "PROMOTION_CHART_UNKNOWN", member: null, message };
}

function createUnknownResult(code: string, message: string): { findings: Finding[] } {
  return { findings: [{ outcome: "unknown", code, member: null, message }] };
}

/**
 * Returns the sha256 by role of the charts that the hop moves to at this site: those of releases that every
 * installation has and of those installed here.
 *
 * @throws InvalidInputError as `checkCharts`; SiteError if the installed releases cannot be read.
 */
export async function readDestinationDigests({ site, settings, edge }: GateInput): Promise<Record<string, string>> {
  const source = site.charts?.();
  if (source === undefined) throw new Error("this site has no chart source");
  const charts = new Set((await site.kubernetes.helmRevisions()).map(({ chart }) => chart));
  const installed = loadRules("charts").filter(({ chart }) => charts.has(chart));
  const kind = { edition: settings.edition, method: "kubernetes" as const };
  const roles = installed.map(({ role }) => role);
  const found = await checkCharts({
    versions: [edge.to],
    source,
    facts: toGateSiteFacts(settings),
    installed: roles,
    kind,
  });
  return collectVersionDigests(found, edge.to);
}
