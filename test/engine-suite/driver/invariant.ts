import { compareVersions, type Version } from "../../../lib/planning/version/version.js";
import type { SeenRevision, SiteEvidence } from "./evidence.js";

export interface InvariantQuestion {
  /** As it was before the first run. */
  start: SiteEvidence;
  now: SiteEvidence;
  isSupported: (from: Version, to: Version) => boolean;
  /** Hops whose checks the stack's outputs call passed, with the time. */
  verified: { to: Version; verifiedAt: string }[];
  /** Pairs that somebody moved along by hand, `from -> to`. */
  byHand?: readonly string[];
}

const platform = "default/hubble";

/**
 * What must hold after every run, whatever disturbed it, each breach as a sentence: no release ever moved along a pair that
 * is no supported row, none was uninstalled, and nothing moved on from a version whose checks had not passed.
 */
export function breaches(question: InvariantQuestion): string[] {
  return [...listBadMoves(question), ...listUninstalled(question), ...listSkippedChecks(question)];
}

/** Releases and roll-outs off the matrix. */
export function listBadMoves({ now, isSupported, byHand = [] }: InvariantQuestion): string[] {
  const isAllowed = (from: Version, to: Version): boolean =>
    from === to || isSupported(from, to) || byHand.includes(`${from} -> ${to}`);
  const hubble = now.releases[platform] ?? [];
  const ofPlatform = hubble.slice(1).flatMap(({ revision, version }) => {
    const from = liveBefore(hubble, (other) => other.revision < revision);
    return from === null || isAllowed(from, version)
      ? []
      : [`hubble, revision ${revision}, moved ${from} -> ${version}`];
  });
  const ofOthers = Object.entries(now.releases).flatMap(([name, revisions]) =>
    revisions.flatMap(({ revision, description, at }) => {
      const to = name === platform ? undefined : /^Palette (\S+)$/.exec(description)?.[1];
      const from = liveBefore(hubble, (other) => other.at <= at && other.description !== description);
      return to === undefined || from === null || isAllowed(from, to)
        ? []
        : [`${name}, revision ${revision}, moved for ${from} -> ${to}`];
    }),
  );
  const rolled = now.rollOuts.filter(({ from, to }) => !isAllowed(from, to));
  return [...ofPlatform, ...ofOthers, ...rolled.map(({ from, to }) => `the platform rolled ${from} -> ${to}`)];
}

/** The version that ran: of the last revision that was ever deployed; null where its record is pruned. */
function liveBefore(revisions: readonly SeenRevision[], isBefore: (revision: SeenRevision) => boolean): Version | null {
  const deployed = revisions.filter(
    (revision) => isBefore(revision) && ["deployed", "superseded"].includes(revision.status),
  );
  return deployed.at(-1)?.version ?? null;
}

export function listUninstalled({ start, now }: InvariantQuestion): string[] {
  return Object.entries(start.releases).flatMap(([name, before]) => {
    const revisions = now.releases[name] ?? [];
    const newest = revisions.at(-1)?.revision ?? 0;
    if (newest < before.at(-1)!.revision) return [`${name} was uninstalled: its history is gone`];
    const gone = revisions.filter(({ status }) => status.startsWith("uninstall"));
    if (gone.length > 0) return [`${name} was uninstalled, revision ${gone[0]!.revision}`];
    // Helm takes the old one's mark away a moment before it gives it to the new one: a kill may fall between.
    const isKept = revisions.some(({ status }) => status === "deployed" || status.startsWith("pending-"));
    return isKept ? [] : [`${name} has no deployed revision left`];
  });
}

/**
 * The first version was enrolled; every later one must have been proved before the platform rolled on from it, by checks that
 * ended after it had come.
 */
export function listSkippedChecks({ start, now, verified, byHand = [] }: InvariantQuestion): string[] {
  const first = start.releases[platform]!.at(-1)!.version;
  const broughtByHand = byHand.map((pair) => pair.split(" -> ")[1]);
  return now.rollOuts
    .filter(({ from, to }) => compareVersions(from, to) !== 0 && from !== first && !broughtByHand.includes(from))
    .filter(({ from, to, at }) => {
      if (byHand.includes(`${from} -> ${to}`)) return false;
      const came = now.rollOuts.filter((other) => other.to === from && other.from !== from && other.at < at).at(-1);
      return !verified.some(
        (hop) => hop.to === from && hop.verifiedAt <= at && (came === undefined || hop.verifiedAt >= came.at),
      );
    })
    .map(({ from, to }) => `the platform rolled on from ${from} to ${to} before the checks of ${from} had passed`);
}
