import { roles, type Role } from "../../planning/rules/types.js";
import { isVersion, type Version } from "../../planning/version/version.js";
import { type HelmRevision, type ObservedRelease } from "../types.js";

/** Name of the chart of Palette itself; its version is the product version. */
export const hubbleChart = "spectro-mgmt-plane";

/** Returns the name of the chart of a role. */
export function getChartName(role: Role): string {
  return role === "hubble" ? hubbleChart : role;
}

/** A release of one of the product's charts, with its history. */
export interface ProductRelease extends ObservedRelease {
  /** Oldest first. */
  revisions: HelmRevision[];
}

/**
 * Selects the releases of the product's charts, whatever their name and namespace, in the order in which they move. The
 * newest revision tells the chart; a release that Helm keeps as `uninstalled` is none. Records with a fault count for
 * nothing here (`lib/site/helm/doubts.ts`).
 */
export function selectProductReleases(revisions: readonly HelmRevision[]): ProductRelease[] {
  const sound = revisions.filter(({ fault }) => fault === undefined);
  const histories = groupByRelease(sound).map((history) => ({ history, newest: listNewest(history) }));
  return roles.flatMap((role) =>
    histories
      .filter(({ newest }) => newest.some(({ chart }) => chart === getChartName(role)))
      .filter(({ newest }) => newest.some(({ status }) => status !== "uninstalled"))
      .map(({ history }) => toProductRelease(role, history)),
  );
}

/** Lists the newest revision: one record, or several where a history contradicts itself. */
function listNewest(history: readonly HelmRevision[]): HelmRevision[] {
  return history.filter(({ revision }) => revision === history.at(-1)!.revision);
}

/** Groups revisions by release, sorted by namespace and name; each history is sorted, oldest first. */
function groupByRelease(revisions: readonly HelmRevision[]): HelmRevision[][] {
  const groups = new Map<string, HelmRevision[]>();
  for (const revision of revisions) {
    const key = formatReleaseKey(revision);
    groups.set(key, [...(groups.get(key) ?? []), revision]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, history]) => history.sort((a, b) => a.revision - b.revision));
}

function toProductRelease(role: Role, revisions: HelmRevision[]): ProductRelease {
  const newest = revisions.at(-1)!;
  const deployed = revisions.findLast(({ status }) => status === "deployed") ?? null;
  return { role, name: newest.name, namespace: newest.namespace, revisions, deployed, newest };
}

/** Formats the unique key of a release. */
export function formatReleaseKey({ namespace, name }: Pick<HelmRevision, "namespace" | "name">): string {
  return `${namespace}/${name}`;
}

/** Formats the description of every managed Release in Helm's record: the marker by which a later run recognises it. */
export function formatMarker(destination: Version): string {
  return `Palette ${destination}`;
}

/** Reads the destination from the description of a revision that this program made; null for any other. */
export function parseMarker({ description }: Pick<HelmRevision, "description">): Version | null {
  const version = /^Palette (\S+)$/.exec(description)?.[1];
  return version !== undefined && isVersion(version) ? version : null;
}

/** Finds the first release's newest revision that is pending; null where none is. */
export function findPendingRevision(releases: readonly Pick<ObservedRelease, "newest">[]): HelmRevision | null {
  return releases.map(({ newest }) => newest).find(({ status }) => status.startsWith("pending-")) ?? null;
}

/** A pending revision: its Helm is at work, or, after Helm's time limit, gone. */
export interface PendingRevision {
  state: "at-work" | "stuck";
  ageSeconds: number;
}

/** Judges a revision's pending status; null where it is not pending. */
export function judgePending(
  { status, lastDeployed }: Pick<HelmRevision, "status" | "lastDeployed">,
  { now, releaseTimeoutSeconds }: { now: Date; releaseTimeoutSeconds: number },
): PendingRevision | null {
  if (!status.startsWith("pending-")) return null;
  const ageSeconds = (now.getTime() - Date.parse(lastDeployed)) / 1000;
  return { state: ageSeconds < releaseTimeoutSeconds ? "at-work" : "stuck", ageSeconds };
}
