import type { DeclaredHelmRelease } from "./declared-stack.js";
import type { Violation } from "./violation.js";

/** A release without `protect` could be deleted or replaced by a later update, which uninstalls what it holds. */
export function unprotectedReleases(releases: readonly Omit<DeclaredHelmRelease, "version">[]): Violation[] {
  return releases
    .filter(({ isProtected }) => !isProtected)
    .map(({ urn, name }) => ({
      urn,
      message: `Release ${name} is not protected: a later update could uninstall it. Set protect: true.`,
    }));
}
