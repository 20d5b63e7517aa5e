import { InvalidInputError } from "../base/errors/errors.js";
import { backupAct } from "./backup.js";
import { dnsCutoverAct } from "./dns-cutover.js";
import { fcvRaiseAct } from "./fcv-raise.js";
import { pcgApproveAct } from "./pcg-approve.js";
import { pcgResumeAct } from "./pcg-resume.js";
import { actNames, type Act } from "./types.js";

const acts: readonly Act[] = [fcvRaiseAct, pcgResumeAct, pcgApproveAct, backupAct, dnsCutoverAct];

/** Every act that can be run by name. */
export function listActs(): readonly Act[] {
  return acts;
}

/** Returns the act of that name. @throws InvalidInputError `ACT_UNKNOWN`. */
export function getAct(name: string): Act {
  const act = acts.find((candidate) => candidate.name === name);
  if (act !== undefined) return act;
  throw new InvalidInputError("ACT_UNKNOWN", `act: "${name}" cannot be run by this tool.`, {
    next: `Name one of ${actNames.join(", ")}; any other act of the plan is a person's, and is acknowledged in palette:acknowledge.`,
  });
}
