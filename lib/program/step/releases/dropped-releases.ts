import { RefusedError } from "../../../base/errors/errors.js";
import { type Role } from "../../../planning/rules/types.js";
import { type Version } from "../../../planning/version/version.js";
import { type ImportedRelease } from "./hand-imported.js";
import { type Recorded } from "../recorded.js";

type Identity = Recorded["releases"][number];

export interface DroppedReleasesInput {
  recorded: Pick<Recorded, "adopted" | "appliedVersion" | "releases">;
  destination: Version;
  /** What this update declares; `exists` as far as the cluster can be read. */
  declared: readonly (Identity & { exists: boolean })[];
  /** Lists the roles that a version ships at this site, given all recorded releases. */
  listShippedRoles: (version: Version) => readonly Role[];
  /**
   * Reads the releases in the stack's state; null where it cannot be read: then all recorded releases count as held.
   */
  readStateReleases: () => Promise<ImportedRelease[] | null>;
}

/**
 * Refuses to leave an adopted release undeclared, because the engine would delete it. This concerns releases that the
 * destination no longer ships or that somebody uninstalled. An unprotected release may be dropped: it stays on the
 * cluster, since this program retains every release. The state is read only where a release is missing.
 *
 * @throws RefusedError `RELEASE_DROPPED` saying how to drop it without uninstalling; `RELEASE_GONE` where it is needed.
 */
export async function refuseDroppedReleases(input: DroppedReleasesInput): Promise<void> {
  const { recorded, declared, listShippedRoles } = input;
  const { appliedVersion } = recorded;
  if (!recorded.adopted || appliedVersion === undefined) return;
  const before = listShippedRoles(appliedVersion);
  const isPresent = ({ namespace, name }: Identity): boolean =>
    declared.some((each) => each.namespace === namespace && each.name === name && each.exists);
  const isNeeded = ({ role }: Identity): boolean => declared.some((each) => each.role === role && !each.exists);
  const missing = recorded.releases.filter((release) => before.includes(release.role) && !isPresent(release));
  if (missing.length === 0) return;
  const stateReleases = await input.readStateReleases();
  const kept = missing
    .filter((release) => isKept(release, stateReleases, isNeeded(release)))
    .sort((a, b) => (a.role < b.role ? -1 : 1));
  const gone = kept.filter(isNeeded);
  refuseUndeclared(
    kept.filter((release) => !gone.includes(release)),
    input,
  );
  refuseUninstalled(gone, appliedVersion);
}

/** Whether the state still holds it; a release that is not needed and no longer protected may be dropped. */
function isKept({ namespace, name }: Identity, state: ImportedRelease[] | null, isNeeded: boolean): boolean {
  if (state === null) return true;
  return state.some(({ id, canDrop }) => id === `${namespace}/${name}` && (isNeeded || !canDrop));
}

function refuseUndeclared(dropped: readonly Identity[], { listShippedRoles, destination }: DroppedReleasesInput): void {
  if (dropped.length === 0) return;
  const now = listShippedRoles(destination);
  const each = dropped.map((release) => {
    const why = now.includes(release.role) ? "is no longer installed" : `is no part of Palette ${destination} any more`;
    return `${describeRelease(release)} ${why}`;
  });
  throw new RefusedError(
    "RELEASE_DROPPED",
    `This stack holds a release that this update would not declare: ${each.join("; ")}. Left undeclared the engine would delete it, and this tool uninstalls nothing.`,
    {
      next: "To go on without it, take its protection away: pulumi stack --show-urns, then pulumi state unprotect URN. The next update then lets it go from this stack's state; what is on the cluster stays as it is.",
    },
  );
}

function refuseUninstalled(gone: readonly Identity[], installed: Version): void {
  if (gone.length === 0) return;
  throw new RefusedError(
    "RELEASE_GONE",
    `Palette cannot be without it, and it is no longer installed, though this stack has adopted it: ${gone.map(describeRelease).join("; ")}. Helm would refuse to upgrade it in the middle of the update.`,
    {
      next: `Find out who uninstalled it, and what went with it. Install it again as it was (the chart of ${installed}, the same name and namespace), then run the same command again.`,
    },
  );
}

function describeRelease({ role, namespace, name }: Identity): string {
  return `${namespace}/${name} (${role})`;
}
