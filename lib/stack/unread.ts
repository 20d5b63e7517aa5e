import { InvalidInputError, RefusedError } from "../errors.js";
import { SiteError } from "../site/types.js";
import { type Recorded } from "./recorded.js";
import { type Settings } from "./settings-schema.js";

/** What the observation refuses with where no version is deployed. */
const nothingInstalled: readonly string[] = ["NO_INSTALLATION", "NOTHING_DEPLOYED"];

/** The cluster was read, and no version is deployed there. */
export function isNothingInstalled(error: unknown): boolean {
  return error instanceof RefusedError && nothingInstalled.includes(error.code);
}

/** The cluster could not be asked, or its kubeconfig not be used. */
export function isUnreachable(error: unknown): error is SiteError | InvalidInputError {
  return error instanceof SiteError || (error instanceof InvalidInputError && error.code.startsWith("KUBECONFIG"));
}

/** This stack has never seen an installation and is to make one: there is no installed version that a person could name. */
export function isToInstall({ install }: Pick<Settings, "install">, { appliedVersion }: Recorded): boolean {
  return install && appliedVersion === undefined;
}

/** Why an update, or a preview that knows no version in its place, does not go on. */
export function unreachable(
  cause: SiteError | InvalidInputError,
  { isPreview, toInstall }: { isPreview: boolean; toInstall: boolean },
): RefusedError {
  const mend = cause instanceof InvalidInputError ? (cause.next ?? "") : "Make it reachable.";
  return new RefusedError("CLUSTER_UNREACHABLE", `The management cluster cannot be read: ${cause.message}`, {
    next: [mend, wayOn(isPreview, toInstall)].join(" ").trim(),
    cause,
  });
}

function wayOn(isPreview: boolean, toInstall: boolean): string {
  if (!isPreview) return "Then run this again; unreachable is never read as absent.";
  if (toInstall) return "";
  return 'For a preview without the cluster, set palette:expectedVersion to the installed version, e.g. "4.6.41".';
}
