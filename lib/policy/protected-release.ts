import type { DeclaredHelmRelease } from "./declared-stack.js";
import type { Violation } from "./violation.js";

/**
 * Checks that every release has `protect`: without it a later update could delete or replace, so uninstall, the
 * release.
 */
export function checkProtectedReleases(releases: readonly Omit<DeclaredHelmRelease, "version">[]): Violation[] {
  return releases
    .filter(({ isProtected }) => !isProtected)
    .map(({ urn, name }) => ({
      urn,
      message: `Release ${name} is not protected: a later update could uninstall it. Set protect: true.`,
    }));
}
