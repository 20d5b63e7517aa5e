import type { Table } from "mdast";
import { InvalidInputError } from "../errors.js";
import { methodIn } from "./page-clues.js";
import type { PageEvent } from "./page-events.js";
import { placeOf } from "./page-markdown.js";
import type { Method } from "./types.js";

export interface Tab {
  label: string;
  line: number;
  tables: number;
}

/** A table with the place it stands in. */
export interface PlacedTable {
  table: Table;
  line: number;
  /**
   * Texts of headings and bold-only lines that name a minor, e.g. `4.7.x`, each with the line from which it holds: that of the
   * table, empty where there is none, and those of bold-only lines which no blank line parts from the table.
   */
  sections: { line: number; text: string }[];
  /** The method that the innermost tab, or else the marker before the table, names. */
  method: Method | undefined;
}

export interface Outline {
  tables: PlacedTable[];
  /** In the order of the page. */
  tabs: Tab[];
  warnings: string[];
}

interface Walk extends Outline {
  open: Tab[];
  section: string;
  sectionDepth: number;
  headingDepth: number;
  /** Lines on which the directives that are open began. */
  directives: number[];
  marker: Method | undefined;
}

/**
 * Gives every table its section and its tab.
 * @throws InvalidInputError PAGE_TRUNCATED where a tab is open at the end: rows may be missing.
 */
export function outlinePage(events: readonly PageEvent[]): Outline {
  const walk: Walk = {
    tables: [],
    tabs: [],
    warnings: [],
    open: [],
    section: "",
    sectionDepth: 0,
    headingDepth: 0,
    directives: [],
    marker: undefined,
  };
  for (const event of events) step(walk, event);
  const unclosed = walk.open.at(-1);
  if (unclosed !== undefined) {
    throw new InvalidInputError(
      "PAGE_TRUNCATED",
      `The page ends inside the tab "${unclosed.label}" that line ${unclosed.line} opens, so rows may be missing.`,
      { next: "Fetch the whole page; or close the tab with </TabItem> if none is missing." },
    );
  }
  for (const line of walk.directives) walk.warnings.push(`The notice that line ${line} opens is never closed.`);
  return { tables: walk.tables, tabs: walk.tabs, warnings: walk.warnings };
}

function step(walk: Walk, event: PageEvent): void {
  switch (event.kind) {
    case "tab-open":
    case "tab-close":
      return changeTab(walk, event);
    case "marker":
      walk.marker = methodIn(event.key.replace(/[-_.]/g, " "));
      return;
    case "directive-open":
      walk.directives.push(event.line);
      return;
    case "directive-close":
      walk.directives.pop();
      return;
    case "heading":
      return heading(walk, event.text, event.depth);
    case "bold":
      return bold(walk, event.text, event.line);
    case "table":
      return placeTable(walk, event.table, event.line);
  }
}

function changeTab(walk: Walk, event: PageEvent & { kind: "tab-open" | "tab-close" }): void {
  leaveSection(walk);
  walk.marker = undefined;
  if (event.kind === "tab-open") {
    const tab = { label: event.label, line: event.line, tables: 0 };
    walk.open.push(tab);
    walk.tabs.push(tab);
  } else if (walk.open.pop() === undefined) {
    walk.warnings.push(`Line ${event.line} closes a tab that was never opened.`);
  }
}

function bold(walk: Walk, text: string, line: number): void {
  if (walk.directives.length > 0 || !namesMinor(text)) return;
  enter(walk, text, walk.headingDepth + 1);
  const last = walk.tables.at(-1);
  if (last !== undefined && line <= placeOf(last.table).lastLine) last.sections.push({ line, text });
}

function heading(walk: Walk, text: string, depth: number): void {
  if (walk.directives.length > 0) return;
  walk.headingDepth = depth;
  if (namesMinor(text)) enter(walk, text, depth);
  else if (depth <= walk.sectionDepth) leaveSection(walk);
}

function enter(walk: Walk, section: string, depth: number): void {
  walk.section = section;
  walk.sectionDepth = depth;
}

function leaveSection(walk: Walk): void {
  enter(walk, "", 0);
}

function placeTable(walk: Walk, table: Table, line: number): void {
  for (const tab of walk.open) tab.tables++;
  const inTab = walk.open.map((tab) => methodIn(tab.label)).findLast((method) => method !== undefined);
  if (inTab !== undefined && walk.marker !== undefined && inTab !== walk.marker) {
    walk.warnings.push(
      `The table at line ${line} stands in the ${inTab} tab, but its marker says ${walk.marker}; the tab was believed.`,
    );
  }
  walk.tables.push({ table, line, sections: [{ line, text: walk.section }], method: inTab ?? walk.marker });
}

/** True for `4.7.x`, `4.8`, `4.3.x and Prior`, `Version 4.9`: a few words, one of them a minor. */
function namesMinor(text: string): boolean {
  const words = text.split(/\s+/);
  return words.length <= 4 && words.some((word) => /^v?\d+\.\d+(\.(x|\d+))?[:,]?$/i.test(word));
}
