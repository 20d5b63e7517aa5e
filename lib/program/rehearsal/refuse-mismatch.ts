import { InvalidInputError } from "../../base/errors/errors.js";
import { type Settings } from "../../settings/schema.js";
import { getSimulatedSite, rehearsalVariable } from "./variables.js";

/** Refuses a production stack on a simulated site, and a rehearsal stack on a real one. */
export function refuseForeignRehearsal(
  { rehearsal }: Pick<Settings, "rehearsal">,
  environment: NodeJS.ProcessEnv,
): void {
  const isSimulated = getSimulatedSite(environment) !== null;
  if (!rehearsal.simulated && rehearsal.pace !== 1) {
    throw new InvalidInputError(
      "REHEARSAL_MISMATCH",
      `palette:rehearsal.pace is ${rehearsal.pace}, which shortens what gates wait for, but this stack is not a rehearsal.`,
      { next: "Remove palette:rehearsal.pace." },
    );
  }
  if (isSimulated === rehearsal.simulated) return;
  throw new InvalidInputError(
    "REHEARSAL_MISMATCH",
    isSimulated
      ? `${rehearsalVariable} is set, which puts gates on a simulated site's clock, but this stack is not a rehearsal.`
      : "palette:rehearsal.simulated is true, but no simulated site is running.",
    {
      next: isSimulated ? `Unset ${rehearsalVariable}.` : "Run palette-upgrade rehearse, or remove palette:rehearsal.",
    },
  );
}
