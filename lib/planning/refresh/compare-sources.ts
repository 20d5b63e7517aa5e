import { groupBy } from "../../base/text/group-by.js";
import type { Citation } from "./citations.js";
import { collectPartials, type PartialFile } from "./included-partials.js";
import { collapse, findCitedText, splitSections, type PageSection } from "./page-sections.js";

/** What a snapshot holds of a source at a commit. */
export type Fetched = { kind: "text"; text: string } | { kind: "no such path" } | { kind: "not fetched" };

/** A snapshot: one source at a commit, and the partials of a commit. */
export interface Snapshot {
  read: (repository: string, commit: string, path: string) => Fetched;
  listPartials: (repository: string, commit: string) => readonly PartialFile[];
}

/** A section that is not as it was when rows were read from it. */
export interface SourceChange {
  what: "page gone" | "section gone" | "changed" | "new section" | "changed, cited by no row";
  repository: string;
  path: string;
  section: string;
  /** The commit at which the rows were read; undefined for a section that no row cites. */
  read: string | undefined;
  /** The commit of today. */
  now: string;
  rows: { row: string; concerns: string }[];
}

export interface OpenCitation {
  row: string;
  repository: string;
  path: string;
  reason: string;
  /** The page of today could not be read, so nobody knows whether it changed. */
  isLoud: boolean;
}

export interface ComparedSources {
  changes: SourceChange[];
  /** Citations that could not be compared, with the reason. */
  open: OpenCitation[];
  /** Sources read, as repository and path. */
  sources: number;
}

/** Compares every cited source with what it is today; `heads` holds the commit of today by repository. */
export function compareSources(
  citations: readonly Citation[],
  heads: ReadonlyMap<string, string>,
  snapshot: Snapshot,
): ComparedSources {
  const result: ComparedSources = { changes: [], open: [], sources: 0 };
  const bySource = groupBy(citations, ({ repository, path }) => `${repository} ${path}`);
  for (const cited of bySource.values()) {
    const [first] = cited;
    if (first !== undefined) compareSource(first, cited, heads.get(first.repository), snapshot, result);
  }
  result.sources = bySource.size;
  const order = ["page gone", "section gone", "changed", "new section", "changed, cited by no row"];
  result.changes.sort((a, b) => order.indexOf(a.what) - order.indexOf(b.what));
  return result;
}

function compareSource(
  { repository, path }: Citation,
  cited: readonly Citation[],
  head: string | undefined,
  { read, listPartials }: Snapshot,
  result: ComparedSources,
): void {
  const leaveOpen = (each: Citation, reason: string, isLoud = false): void => {
    result.open.push({ row: each.row, repository, path, reason, isLoud });
  };
  const today = head === undefined ? { kind: "not fetched" as const } : read(repository, head, path);
  if (head === undefined || today.kind === "not fetched") {
    for (const each of cited) leaveOpen(each, "its page of today was not fetched", true);
    return;
  }
  const source = { repository, path, now: head };
  if (today.kind === "no such path") {
    const commits = groupBy(cited, ({ commit }) => commit);
    for (const [commit, rows] of commits)
      result.changes.push({ ...source, what: "page gone", section: "whole page", read: commit, rows: rows.map(toRow) });
    return;
  }
  const now = splitSections(today.text, path);
  const before: PageSection[][] = [];
  for (const [commit, rows] of groupBy(cited, (each) => each.commit)) {
    const fetched = commit === undefined ? undefined : read(repository, commit, path);
    if (commit === undefined || fetched?.kind !== "text") {
      const reason =
        commit === undefined
          ? "the commit at which it was read is not known"
          : fetched?.kind === "no such path"
            ? `commit ${commit} holds no such path`
            : `commit ${commit} was not fetched`;
      for (const each of rows) leaveOpen(each, reason);
      continue;
    }
    const then = splitSections(fetched.text, path);
    before.push(then);
    result.changes.push(...compareCited(rows, then, now).map((change) => ({ ...source, ...change, read: commit })));
    const included = compareIncluded(rows, now, {
      then: { text: fetched.text, partials: listPartials(repository, commit) },
      now: { text: today.text, partials: listPartials(repository, head) },
    });
    result.changes.push(...included.changes.map((change) => ({ ...source, ...change, read: commit })));
    for (const { reason, isLoud } of included.missing) for (const each of rows) leaveOpen(each, reason, isLoud);
  }
  if (before.length > 0)
    result.changes.push(
      ...compareUncited(cited, before, now).map((change) => ({ ...source, ...change, read: undefined })),
    );
}

type OwnChange = Pick<SourceChange, "what" | "section" | "rows">;

function compareCited(rows: readonly Citation[], then: PageSection[], now: PageSection[]): OwnChange[] {
  return [...groupBy(rows, ({ section }) => section)].flatMap(([section, own]): OwnChange[] => {
    const known = findCitedText(then, section) !== undefined;
    // A section that the page never had under that name: the whole page stands for it.
    const cited = known ? section : "whole page";
    const [was, is] = [findCitedText(then, cited), findCitedText(now, cited)];
    if (was === is) return [];
    return [{ what: is === undefined ? "section gone" : "changed", section, rows: own.map(toRow) }];
  });
}

interface PageWithPartials {
  text: string;
  partials: readonly PartialFile[];
}

interface IncludedChanges {
  changes: (OwnChange & { path: string })[];
  missing: { reason: string; isLoud: boolean }[];
}

/**
 * Compares the partials that the page includes today, by itself or through others, with what they were when its rows were
 * read. A change is of the rows whose section includes the partial, or of all rows where none does. A partial that only
 * one of the two versions includes is a change of the page itself.
 */
function compareIncluded(
  rows: readonly Citation[],
  now: PageSection[],
  page: { then: PageWithPartials; now: PageWithPartials },
): IncludedChanges {
  const result: IncludedChanges = { changes: [], missing: [] };
  const before = new Map(collectPartials(page.then.text, page.then.partials).map((each) => [each.label, each.file]));
  for (const { label, tag, file } of collectPartials(page.now.text, page.now.partials)) {
    const was = before.get(label);
    if (file === undefined) result.missing.push({ reason: `it includes ${label}, which was not found`, isLoud: true });
    else if (before.has(label) && was === undefined)
      result.missing.push({ reason: `it included ${label}, whose text of then was not found`, isLoud: false });
    else if (was !== undefined && collapse(was.text) !== collapse(file.text)) {
      const citing = rows.filter(({ section }) => findCitedText(now, section)?.includes(tag) === true);
      const of = citing.length === 0 ? rows : citing;
      result.changes.push({ what: "changed", path: file.path, section: "whole page", rows: of.map(toRow) });
    }
  }
  return result;
}

/** Finds sections of today that are as in none of the versions read, and that no row cites. */
function compareUncited(cited: readonly Citation[], before: PageSection[][], now: PageSection[]): OwnChange[] {
  const wholes = cited.some(({ section }) => /^whole (?:page|file)$/.test(section));
  const covered = cited.flatMap(({ section }) => findCitedText(now, section) ?? []);
  const known = new Set(before.flat().map(({ titles, own }) => `${titles.join("\n")}\n\n${own}`));
  const titlesKnown = new Set(before.flat().map(({ titles }) => titles.join("\n")));
  if (wholes) return [];
  return now.flatMap(({ titles, own }): OwnChange[] => {
    const title = titles.join("\n");
    if (known.has(`${title}\n\n${own}`) || covered.some((text) => text.includes(own))) return [];
    const section = titles.length === 0 ? "introduction" : titles.join(", ");
    return [{ what: titlesKnown.has(title) ? "changed, cited by no row" : "new section", section, rows: [] }];
  });
}

function toRow({ row, concerns }: Citation): { row: string; concerns: string } {
  return { row, concerns };
}
