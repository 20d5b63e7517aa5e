import { RefusedError } from "../errors.js";
import { type Role } from "../plan/rules-types.js";
import { type Version } from "../version/version.js";
import { type HeldByHand } from "./hand-imported.js";
import { type Recorded } from "./recorded.js";

type Identity = Recorded["releases"][number];

export interface DroppedQuestion {
  recorded: Pick<Recorded, "adopted" | "appliedVersion" | "releases">;
  destination: Version;
  /** What this update declares. */
  declared: readonly Pick<Identity, "namespace" | "name">[];
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
 * @throws RefusedError `RELEASE_DROPPED` saying how to let it go, which uninstalls nothing.
 */
export async function refuseDroppedSince(question: DroppedQuestion): Promise<void> {
  const { recorded, destination, declared, shipped } = question;
  const { appliedVersion } = recorded;
  if (!recorded.adopted || appliedVersion === undefined) return;
  const before = shipped(appliedVersion);
  const missing = recorded.releases.filter(
    ({ role, namespace, name }) =>
      before.includes(role) && !declared.some((each) => each.namespace === namespace && each.name === name),
  );
  if (missing.length === 0) return;
  const held = await question.inState();
  const dropped = missing.filter(
    ({ namespace, name }) => held?.some(({ id, mayGo }) => id === `${namespace}/${name}` && !mayGo) ?? true,
  );
  if (dropped.length === 0) return;
  const now = shipped(destination);
  const each = dropped
    .sort((a, b) => (a.role < b.role ? -1 : 1))
    .map(({ role, namespace, name }) => {
      const why = now.includes(role) ? "is no longer installed" : `is no part of Palette ${destination} any more`;
      return `${namespace}/${name} (${role}) ${why}`;
    });
  throw new RefusedError(
    "RELEASE_DROPPED",
    `This stack holds a release that this update would not declare: ${each.join("; ")}. Left undeclared the engine would delete it, and this tool uninstalls nothing.`,
    {
      next: "To go on without it, take its protection away: pulumi stack --show-urns, then pulumi state unprotect URN. The next update then lets it go from this stack's state; what is on the cluster stays as it is.",
    },
  );
}
