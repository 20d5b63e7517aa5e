import type { Table } from "mdast";
import { InvalidInputError } from "../../../base/errors/errors.js";
import { findMethod } from "./clues.js";
import type { PageEvent } from "./events.js";
import { getNodePosition } from "./markdown.js";
import type { Method } from "../types.js";

interface Tab {
  label: string;
  line: number;
  tables: number;
}

/** A table with its location in the page. */
export interface PlacedTable {
  table: Table;
  line: number;
  /**
   * Headings and bold-only lines that name a minor, e.g. `4.7.x`, each with the line from which it applies. The first
   * is that of the table itself (empty if there is none); bold-only lines with no blank line between them and the table
   * follow.
   */
  sections: { line: number; text: string }[];
  /** The method named by the innermost tab that names one, else by the marker before the table. */
  method: Method | undefined;
}

export interface Outline {
  tables: PlacedTable[];
  /** In the order of the page. */
  tabs: Tab[];
  warnings: string[];
}

interface OutlineState extends Outline {
  open: Tab[];
  section: string;
  sectionDepth: number;
  headingDepth: number;
  /** Lines on which the directives that are still open begin. */
  directives: number[];
  marker: Method | undefined;
}

/**
 * Creates the outline of a page: each table with its section and its tab.
 * @throws InvalidInputError PAGE_TRUNCATED if a tab is still open at the end: rows may be missing.
 */
export function createPageOutline(events: readonly PageEvent[]): Outline {
  const state: OutlineState = {
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
  for (const event of events) applyEvent(state, event);
  const unclosed = state.open.at(-1);
  if (unclosed !== undefined) {
    throw new InvalidInputError(
      "PAGE_TRUNCATED",
      `The page ends inside the tab "${unclosed.label}" that line ${unclosed.line} opens, so rows may be missing.`,
      { next: "Fetch the whole page; or close the tab with </TabItem> if none is missing." },
    );
  }
  for (const line of state.directives) state.warnings.push(`The notice that line ${line} opens is never closed.`);
  return { tables: state.tables, tabs: state.tabs, warnings: state.warnings };
}

function applyEvent(state: OutlineState, event: PageEvent): void {
  switch (event.kind) {
    case "tab-open":
    case "tab-close":
      return changeTab(state, event);
    case "marker":
      state.marker = findMethod(event.key.replace(/[-_.]/g, " "));
      return;
    case "directive-open":
      state.directives.push(event.line);
      return;
    case "directive-close":
      state.directives.pop();
      return;
    case "heading":
      return applyHeading(state, event.text, event.depth);
    case "bold":
      return applyBoldLine(state, event.text, event.line);
    case "table":
      return addTable(state, event.table, event.line);
  }
}

function changeTab(state: OutlineState, event: PageEvent & { kind: "tab-open" | "tab-close" }): void {
  leaveSection(state);
  state.marker = undefined;
  if (event.kind === "tab-open") {
    const tab = { label: event.label, line: event.line, tables: 0 };
    state.open.push(tab);
    state.tabs.push(tab);
  } else if (state.open.pop() === undefined) {
    state.warnings.push(`Line ${event.line} closes a tab that was never opened.`);
  }
}

function applyBoldLine(state: OutlineState, text: string, line: number): void {
  if (state.directives.length > 0 || !isMinorTitle(text)) return;
  enterSection(state, text, state.headingDepth + 1);
  const last = state.tables.at(-1);
  if (last !== undefined && line <= getNodePosition(last.table).lastLine) last.sections.push({ line, text });
}

function applyHeading(state: OutlineState, text: string, depth: number): void {
  if (state.directives.length > 0) return;
  state.headingDepth = depth;
  if (isMinorTitle(text)) enterSection(state, text, depth);
  else if (depth <= state.sectionDepth) leaveSection(state);
}

function enterSection(state: OutlineState, section: string, depth: number): void {
  state.section = section;
  state.sectionDepth = depth;
}

function leaveSection(state: OutlineState): void {
  enterSection(state, "", 0);
}

function addTable(state: OutlineState, table: Table, line: number): void {
  for (const tab of state.open) tab.tables++;
  const inTab = state.open.map((tab) => findMethod(tab.label)).findLast((method) => method !== undefined);
  if (inTab !== undefined && state.marker !== undefined && inTab !== state.marker) {
    state.warnings.push(
      `The table at line ${line} stands in the ${inTab} tab, but its marker says ${state.marker}; the tab was believed.`,
    );
  }
  state.tables.push({ table, line, sections: [{ line, text: state.section }], method: inTab ?? state.marker });
}

/** True for `4.7.x`, `4.8`, `4.3.x and Prior`, `Version 4.9`: a few words, one of them a minor. */
function isMinorTitle(text: string): boolean {
  const words = text.split(/\s+/);
  return words.length <= 4 && words.some((word) => /^v?\d+\.\d+(\.(x|\d+))?[:,]?$/i.test(word));
}
