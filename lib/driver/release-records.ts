import { getErrorMessage } from "../base/errors/errors.js";
import { formatReleaseKey, selectProductReleases } from "../site/helm/releases.js";
import { type HelmRevision } from "../site/types.js";

/** Reads all revisions of all releases from Helm's records. */
export type ReadRevisions = () => Promise<HelmRevision[]>;

/** Newest revision of each of the product's releases, or why Helm's records could not be read. */
export type NewestRevisions = readonly HelmRevision[] | { unreadable: string };

/** What to do after an update that failed. */
export const retryAdvice =
  "Fix what is named and run the same command again; every gate is judged again before it goes on.";

export async function readNewestRevisions(readRevisions: ReadRevisions): Promise<NewestRevisions> {
  try {
    return selectNewestRevisions(await readRevisions());
  } catch (error) {
    return { unreadable: getErrorMessage(error) };
  }
}

/** Selects the newest revision of each of the product's releases, in the order in which they move. */
export function selectNewestRevisions(revisions: readonly HelmRevision[]): HelmRevision[] {
  return selectProductReleases(revisions).map(({ newest }) => newest);
}

/**
 * Advises after a failed update by what Helm's records show: which releases moved, and which may run in part. `before` is
 * null where the records were not read before the update. Pure.
 */
export function adviseByRecords(before: NewestRevisions | null, after: NewestRevisions): string {
  if ("unreadable" in after)
    return `Helm's records cannot be read (${after.unreadable}): whether a release moved is not known. ${retryAdvice}`;
  const partial = after.filter(({ status }) => status !== "deployed");
  const shown = describeMoves(before, after);
  if (partial.length === 0) return `${shown} ${retryAdvice}`;
  const names = partial.map(({ name, chartVersion }) => `${name} ${chartVersion}`).join(" and ");
  return `${shown} ${names} may run in part beside the old version. Its hop is the only next one. ${retryAdvice}`;
}

function describeMoves(before: NewestRevisions | null, after: readonly HelmRevision[]): string {
  const states = after.map((revision) => `${revision.name} at ${describeRevision(revision)}`).join(", ");
  if (before === null || "unreadable" in before) return `Helm's records show ${states || "no release"}.`;
  const moves = after.flatMap((revision) => {
    const old = before.find((each) => formatReleaseKey(each) === formatReleaseKey(revision));
    if (old?.revision === revision.revision && old.status === revision.status) return [];
    const from = old === undefined ? "" : ` from ${describeRevision(old)}`;
    return [`${revision.name}${from} to ${describeRevision(revision)}`];
  });
  if (moves.length > 0) return `Helm's records show what moved: ${moves.join(", ")}.`;
  return `Helm's records show that no release moved${states === "" ? "" : `: ${states}`}.`;
}

function describeRevision({ revision, status, chartVersion }: HelmRevision): string {
  return `revision ${revision} (${status}, ${chartVersion})`;
}
