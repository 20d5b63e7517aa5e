import { InvalidInputError, RefusedError } from "../errors.js";
import { SiteError } from "../site/types.js";
import { type Recorded } from "./recorded.js";
import { type Settings } from "./settings-schema.js";

/** Refusal codes of the observation where no version is deployed. */
const nothingInstalled: readonly string[] = ["NO_INSTALLATION", "NOTHING_DEPLOYED"];

/** Whether the cluster was read and no version is deployed there. */
export function isNothingInstalled(error: unknown): boolean {
  return error instanceof RefusedError && nothingInstalled.includes(error.code);
}

/** Whether the cluster could not be reached, or its kubeconfig not be used. */
export function isUnreachable(error: unknown): error is SiteError | InvalidInputError {
  return error instanceof SiteError || (error instanceof InvalidInputError && error.code.startsWith("KUBECONFIG"));
}

/** Whether this stack is to install Palette: `palette:install` is set and nothing was settled before. */
export function shouldInstall({ install }: Pick<Settings, "install">, { appliedVersion }: Recorded): boolean {
  return install && appliedVersion === undefined;
}

/** Creates the error of an update, or of a preview without a known version, whose cluster cannot be read. */
export function createUnreachableError(
  cause: SiteError | InvalidInputError,
  { isPreview, toInstall }: { isPreview: boolean; toInstall: boolean },
): RefusedError {
  const advice = cause instanceof InvalidInputError ? (cause.next ?? "") : "Make it reachable.";
  return new RefusedError("CLUSTER_UNREACHABLE", `The management cluster cannot be read: ${cause.message}`, {
    next: [advice, describeNextStep(isPreview, toInstall)].join(" ").trim(),
    cause,
  });
}

function describeNextStep(isPreview: boolean, toInstall: boolean): string {
  if (!isPreview) return "Then run this again; unreachable is never read as absent.";
  if (toInstall) return "";
  return 'For a preview without the cluster, set palette:expectedVersion to the installed version, e.g. "4.6.41".';
}
