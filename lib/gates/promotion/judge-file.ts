import { formatDuration } from "../../base/time/duration.js";
import { type Promotion } from "../consent/promotion-file.js";
import { type Finding } from "../verdict/findings.js";

/** What a file of verified hops has to be bound to. */
export interface PromotionBinding {
  /** File that holds the hops, for messages. */
  file: string;
  /** `palette:promotion.stage`. */
  stage: string;
  edition: string;
  method: string;
  /** UID of the namespace `kube-system` of this very installation; null before enrolment. */
  clusterUid: string | null;
  maxAgeSeconds: number;
  now: Date;
}

/** How far clocks of two machines may differ. */
const clockDifferenceSeconds = 5 * 60;

/** Judges whether a signed file is of the stage, edition and method that are expected, of another installation, and recent. */
export function judgePromotionFile(promotion: Promotion, binding: PromotionBinding): Finding[] {
  return [...judgeOrigin(promotion, binding), ...judgeExportTime(promotion, binding)];
}

function judgeOrigin({ stage, edition, method, clusterUid }: Promotion, binding: PromotionBinding): Finding[] {
  const { file } = binding;
  const findings: Finding[] = [];
  if (clusterUid === binding.clusterUid)
    findings.push(
      createFailure(
        "PROMOTION_OWN_FILE",
        `${file} is of this very installation (stack ${stage}, the same cluster), which cannot go ahead of itself: export it on the stage before.`,
      ),
    );
  if (stage !== binding.stage)
    findings.push(
      createFailure(
        "PROMOTION_OTHER_STAGE",
        `${file} is of stack ${stage}, expected ${binding.stage} (palette:promotion.stage): export it there, or name the stage that is meant.`,
      ),
    );
  if (edition !== binding.edition || method !== binding.method)
    findings.push(
      createFailure(
        "PROMOTION_OTHER_EDITION",
        `${file} is of edition ${edition}, method ${method}, expected ${binding.edition}, ${binding.method}: promote between installations of one kind.`,
      ),
    );
  return findings;
}

function judgeExportTime({ exportedAt }: Promotion, { file, maxAgeSeconds, now }: PromotionBinding): Finding[] {
  const ageSeconds = (now.getTime() - Date.parse(exportedAt)) / 1000;
  if (ageSeconds < -clockDifferenceSeconds)
    return [
      createFailure(
        "PROMOTION_FILE_AGE",
        `${file} was exported at ${exportedAt}, which is after now (${now.toISOString()}): set the clocks right, then export it anew.`,
      ),
    ];
  if (ageSeconds <= maxAgeSeconds) return [];
  return [
    createFailure(
      "PROMOTION_FILE_AGE",
      `${file} was exported at ${exportedAt}, ${formatDuration(ageSeconds)} ago, expected at most ${formatDuration(maxAgeSeconds)} (palette:promotion.maxAge): export it anew on the stage.`,
    ),
  ];
}

function createFailure(code: string, message: string): Finding {
  return { outcome: "fail", code, member: null, message };
}
