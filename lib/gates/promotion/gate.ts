import { readFileSync } from "node:fs";
import { messageOf, PaletteError } from "../../errors.js";
import { verifyPromotion } from "../../promotion/signed-file.js";
import type { GateSettings } from "../../stack/gate-settings.js";
import { notConfigured } from "../not-configured.js";
import { timingOf } from "../timing.js";
import type { Gate, GateInput, PromotedHop } from "../types.js";
import { findingOfError, read, verdictOf, type Finding } from "../verdict.js";
import { chartDigestsOf } from "./chart-digests.js";
import { judgePromotion } from "./judge.js";

/** sha256 by role of the charts that the hop moves to. */
export type ChartDigests = (input: GateInput) => Promise<Record<string, string>>;

const timing = { deadlineSeconds: 15 * 60, intervalSeconds: 30, samples: 1 };

/** Whether the stage before has taken this very hop and held for so many hours: by its stack's outputs or a signed file. */
export function createPromotionGate(chartDigests: ChartDigests): Gate {
  return {
    name: "promotion",
    timing,
    recheck: "start-only",
    reads: [
      "nothing of the site: the verified hops of palette:promotionStack, which the program hands over, or the file of palette:promotionFile",
      "the charts of the destination, for their checksums",
    ],
    async sample(input, signal) {
      const { promotion } = input.settings;
      if (promotion.stack === null && promotion.file === null)
        return notConfigured(
          "promotion",
          "Neither palette:promotionStack nor palette:promotionFile is set",
          input.edge,
        );
      const proved = provedHops(input, promotion);
      if ("finding" in proved) return verdictOf("promotion", [proved.finding], null);
      const digests = await read(() => chartDigests(input), signal);
      if (!digests.ok) return verdictOf("promotion", [withoutCharts(digests.error)], null);
      const findings = judgePromotion({
        edge: input.edge,
        ...proved,
        digests: digests.value,
        now: await input.clock.now(),
        hours: promotion.hours,
        patientSeconds: timingOf({ name: "promotion", timing }, input.settings).deadlineSeconds,
      });
      return verdictOf("promotion", findings, { live: input.edge.from, stage: proved.stage, digests: digests.value });
    },
  };
}

export const promotionGate = createPromotionGate(chartDigestsOf);

type Proved = { stage: string; hops: readonly PromotedHop[] } | { finding: Finding };

function provedHops({ promoted }: GateInput, promotion: GateSettings["promotion"]): Proved {
  const { stack, file, key } = promotion;
  if (file !== null) return stack === null ? fromFile(file, key) : unknown("PROMOTION_AMBIGUOUS", ambiguous);
  if (promoted !== undefined) return { stage: `Stack ${stack}`, hops: promoted };
  return unknown(
    "PROMOTION_UNREADABLE",
    `The verified hops of stack ${stack} were not handed over: the program reads them in an update; by hand, give them as JSON in the environment entry PROMOTED.`,
  );
}

const ambiguous =
  "palette:promotionStack and palette:promotionFile are both set, so which one counts is not clear: keep one.";

function fromFile(file: string, key: string | null): Proved {
  if (key === null)
    return unknown(
      "PROMOTION_UNREADABLE",
      `palette:promotionFile is ${file}, but palette:promotionKey names no public key to check it by: set it.`,
    );
  try {
    const signed = readNamed("promotionFile", file);
    const { stack, hops } = verifyPromotion(signed, readNamed("promotionKey", key));
    return { stage: `Stack ${stack} (by ${file})`, hops };
  } catch (error) {
    if (error instanceof UnreadableFile) return unknown("PROMOTION_UNREADABLE", error.message);
    if (!(error instanceof PaletteError))
      return unknown("PROMOTION_UNREADABLE", `The verified hops cannot be read: ${messageOf(error)}.`);
    const message = [`${file}: ${error.message}`, error.next ?? ""].join(" ").trimEnd();
    return error.code === "PROMOTION_SIGNATURE"
      ? { finding: { outcome: "fail", code: "PROMOTION_SIGNATURE", member: null, message } }
      : unknown("PROMOTION_UNREADABLE", message);
  }
}

class UnreadableFile extends Error {}

/** What lies in the file that a setting names. @throws UnreadableFile naming both and what to do. */
function readNamed(setting: "promotionFile" | "promotionKey", file: string): string {
  const what = { promotionFile: "the signed file of palette-upgrade promotion export", promotionKey: "its public key" };
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === "ENOENT" ? "is not there" : `cannot be read (${messageOf(error)})`;
    throw new UnreadableFile(`palette:${setting} names ${file}, which ${why}: put ${what[setting]} there, or name it.`);
  }
}

function withoutCharts(error: unknown): Finding {
  if (!(error instanceof PaletteError))
    return findingOfError(error, null, "The charts of the destination could not be read");
  const message =
    `The charts of the destination could not be compared with those that were proved: ${error.message} ${error.next ?? ""}`.trimEnd();
  return { outcome: "unknown", code: "PROMOTION_CHART_UNKNOWN", member: null, message };
}

function unknown(code: string, message: string): { finding: Finding } {
  return { finding: { outcome: "unknown", code, member: null, message } };
}
