import { RefusedError } from "../errors.js";
import { type Role } from "../plan/rules-types.js";
import { type Version } from "../version/version.js";
import { type HeldByHand } from "./hand-imported.js";
import { type Recorded } from "./recorded.js";

type Identity = Recorded["releases"][number];

export interface DroppedQuestion {
  recorded: Pick<Recorded, "adopted" | "appliedVersion" | "releases">;
  destination: Version;
  /** What this update declares; `exists` as far as it can be seen. */
  declared: readonly (Identity & { exists: boolean })[];
  /** Roles that a version ships at this site, with all releases that were recorded. */
  shipped: (version: Version) => readonly Role[];
  /** Releases that the stack's state holds; null where that cannot be asked: then what was declared is held. */
  inState: () => Promise<HeldByHand[] | null>;
}

/**
 * A release that the stack has adopted is never dropped: undeclared, the engine would delete it. One that the destination no
 * longer ships, or that somebody uninstalled, is named before the engine is asked for anything. One whose protection somebody
 * took away may go: every release of this program is retained. The state is read only where one is missing.
 *
 * @throws RefusedError `RELEASE_DROPPED` saying how to let it go, which uninstalls nothing; `RELEASE_GONE` where it is needed.
 */
export async function refuseDroppedSince(question: DroppedQuestion): Promise<void> {
  const { recorded, declared, shipped } = question;
  const { appliedVersion } = recorded;
  if (!recorded.adopted || appliedVersion === undefined) return;
  const before = shipped(appliedVersion);
  const isThere = ({ namespace, name }: Identity): boolean =>
    declared.some((each) => each.namespace === namespace && each.name === name && each.exists);
  const isNeeded = ({ role }: Identity): boolean => declared.some((each) => each.role === role && !each.exists);
  const missing = recorded.releases.filter((release) => before.includes(release.role) && !isThere(release));
  if (missing.length === 0) return;
  const held = await question.inState();
  const kept = missing
    .filter((release) => holds(release, held, isNeeded(release)))
    .sort((a, b) => (a.role < b.role ? -1 : 1));
  const gone = kept.filter(isNeeded);
  refuseUndeclared(
    kept.filter((release) => !gone.includes(release)),
    question,
  );
  refuseGone(gone, appliedVersion);
}

/** Whether the state holds it; one that is not needed and whose protection was taken away may go. */
function holds({ namespace, name }: Identity, state: HeldByHand[] | null, isNeeded: boolean): boolean {
  if (state === null) return true;
  return state.some(({ id, mayGo }) => id === `${namespace}/${name}` && (isNeeded || !mayGo));
}

function refuseUndeclared(dropped: readonly Identity[], { shipped, destination }: DroppedQuestion): void {
  if (dropped.length === 0) return;
  const now = shipped(destination);
  const each = dropped.map((release) => {
    const why = now.includes(release.role) ? "is no longer installed" : `is no part of Palette ${destination} any more`;
    return `${wordsFor(release)} ${why}`;
  });
  throw new RefusedError(
    "RELEASE_DROPPED",
    `This stack holds a release that this update would not declare: ${each.join("; ")}. Left undeclared the engine would delete it, and this tool uninstalls nothing.`,
    {
      next: "To go on without it, take its protection away: pulumi stack --show-urns, then pulumi state unprotect URN. The next update then lets it go from this stack's state; what is on the cluster stays as it is.",
    },
  );
}

function refuseGone(gone: readonly Identity[], installed: Version): void {
  if (gone.length === 0) return;
  throw new RefusedError(
    "RELEASE_GONE",
    `Palette cannot be without it, and it is no longer installed, though this stack has adopted it: ${gone.map(wordsFor).join("; ")}. Helm would refuse to upgrade it in the middle of the update.`,
    {
      next: `Find out who uninstalled it, and what went with it. Install it again as it was (the chart of ${installed}, the same name and namespace), then run the same command again.`,
    },
  );
}

function wordsFor({ role, namespace, name }: Identity): string {
  return `${namespace}/${name} (${role})`;
}
