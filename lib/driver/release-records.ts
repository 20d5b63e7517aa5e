import { getErrorMessage } from "../base/errors/errors.js";
import { selectNewestRevisions } from "../gates/hubble.js";
import { type PreviewedRelease } from "../program/preview/report.js";
import { type HelmRevision } from "../site/types.js";

/** Reads Helm's revisions in a namespace. */
export type ReadRevisions = (namespace: string) => Promise<HelmRevision[]>;

/** Newest revision of each release that an update declares, or why Helm's records could not be read. */
export type NewestRevisions = readonly HelmRevision[] | { unreadable: string };

/** What to do after an update that failed. */
export const retryAdvice =
  "Fix what is named and run the same command again; every gate is judged again before it goes on.";

export async function readNewestRevisions(
  declared: readonly Pick<PreviewedRelease, "name" | "namespace">[],
  readRevisions: ReadRevisions,
): Promise<NewestRevisions> {
  try {
    const namespaces = [...new Set(declared.map(({ namespace }) => namespace))];
    const revisions = (await Promise.all(namespaces.map(readRevisions))).flat();
    return selectNewestRevisions(revisions).filter((revision) => declared.some((each) => isSame(each, revision)));
  } catch (error) {
    return { unreadable: getErrorMessage(error) };
  }
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
    const old = before.find((each) => isSame(each, revision));
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

function isSame(a: Pick<HelmRevision, "name" | "namespace">, b: Pick<HelmRevision, "name" | "namespace">): boolean {
  return a.name === b.name && a.namespace === b.namespace;
}
