import type { Table } from "mdast";
import { InvalidInputError } from "../../../base/errors/errors.js";
import type { Method } from "../types.js";
import { findHeadingMethod } from "./clues.js";
import type { PageEvent } from "./events.js";
import { getNodePosition } from "./markdown.js";
import { findMarkerMethod, readWhose, type Whose } from "./whose.js";

/** A part of a page that may hold upgrade tables. */
export interface Place extends Whose {
  kind: "tab" | "heading" | "section" | "marker";
  label: string;
  line: number;
  /** The same for places side by side: tabs of one group, headings and sections of one depth in one tab. */
  group: string;
  tables: PlacedTable[];
  /** Components and links in it, behind which rows may stand. */
  elsewhere: Elsewhere[];
}

interface Elsewhere {
  line: number;
  what: string;
  component: boolean;
}

/** A table with its location in the page. */
export interface PlacedTable extends Whose {
  table: Table;
  line: number;
  /**
   * Headings and bold-only lines that name a minor, e.g. `4.7.x`, each with the line from which it applies. The first
   * is that of the table itself (empty if there is none); bold-only lines with no blank line between them and the table
   * follow.
   */
  sections: { line: number; text: string }[];
}

export interface Outline {
  tables: PlacedTable[];
  /** In the order of the page. */
  places: Place[];
  /** Components and links, in whatever place. */
  elsewhere: Elsewhere[];
  warnings: string[];
}

interface OutlineState extends Outline {
  /** Lines on which the groups of tabs that are still open begin. */
  groups: number[];
  openTabs: Place[];
  section: Place | undefined;
  sectionDepth: number;
  headingDepth: number;
  /** Headings over the current line that name a method and nothing else, the outermost first. */
  methodHeadings: (Place & { depth: number })[];
  /** Lines on which the directives that are still open begin. */
  directives: number[];
  marker: Place | undefined;
}

/**
 * Creates the outline of a page: each table with its section and its tab.
 * @throws InvalidInputError PAGE_TRUNCATED if a tab is still open at the end: rows may be missing.
 */
export function createPageOutline(events: readonly PageEvent[]): Outline {
  const state: OutlineState = {
    tables: [],
    places: [],
    elsewhere: [],
    warnings: [],
    groups: [],
    openTabs: [],
    section: undefined,
    sectionDepth: 0,
    headingDepth: 0,
    methodHeadings: [],
    directives: [],
    marker: undefined,
  };
  for (const event of events) applyEvent(state, event);
  const unclosed = state.openTabs.at(-1);
  if (unclosed !== undefined) {
    throw new InvalidInputError(
      "PAGE_TRUNCATED",
      `The page ends inside the tab "${unclosed.label}" that line ${unclosed.line} opens, so rows may be missing.`,
      { next: "Fetch the whole page; or close the tab with </TabItem> if none is missing." },
    );
  }
  for (const line of state.directives) state.warnings.push(`The notice that line ${line} opens is never closed.`);
  return { tables: state.tables, places: state.places, elsewhere: state.elsewhere, warnings: state.warnings };
}

function applyEvent(state: OutlineState, event: PageEvent): void {
  switch (event.kind) {
    case "tabs-open":
      state.groups.push(event.line);
      return;
    case "tabs-close":
      state.groups.pop();
      return;
    case "tab-open":
    case "tab-close":
      return changeTab(state, event);
    case "marker-open":
      state.marker = undefined;
      state.marker = addPlace(state, "marker", event.key, event.line);
      return;
    case "marker-close":
      state.marker = undefined;
      return;
    case "elsewhere":
      return addElsewhere(state, event);
    case "directive-open":
      state.directives.push(event.line);
      return;
    case "directive-close":
      state.directives.pop();
      return;
    case "heading":
      return applyHeading(state, event);
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
    state.openTabs.push(addPlace(state, "tab", event.label, event.line));
    return;
  }
  const closed = state.openTabs.pop();
  if (closed === undefined) state.warnings.push(`Line ${event.line} closes a tab that was never opened.`);
  else state.methodHeadings = state.methodHeadings.filter(({ line }) => line < closed.line);
}

function addPlace(state: OutlineState, kind: Place["kind"], label: string, line: number, depth = 0): Place {
  const names = [...state.openTabs, ...(kind === "section" || kind === "heading" ? [] : [{ kind, label }])];
  const sides = { tab: state.groups.at(-1) ?? 0, heading: depth, section: state.sectionDepth, marker: line };
  const group = `${kind} ${sides[kind]} in ${state.openTabs.at(-1)?.line ?? 0}`;
  const whose = readWhose(names);
  const method = whose.method ?? (kind === "tab" ? undefined : state.methodHeadings.at(-1)?.method);
  const place = { kind, label, line, group, tables: [], elsewhere: [], ...whose, method };
  state.places.push(place);
  return place;
}

function addElsewhere(state: OutlineState, { line, what, component }: PageEvent & { kind: "elsewhere" }): void {
  const found = { line, what, component };
  state.elsewhere.push(found);
  for (const place of listOpenPlaces(state)) place.elsewhere.push(found);
}

function listOpenPlaces({ openTabs, methodHeadings, section, marker }: OutlineState): Place[] {
  const inner = [...(section === undefined ? [] : [section]), ...(marker === undefined ? [] : [marker])];
  return [...openTabs, ...methodHeadings, ...inner];
}

function applyBoldLine(state: OutlineState, text: string, line: number): void {
  if (state.directives.length > 0) return;
  const method = findHeadingMethod(text);
  if (method !== undefined) enterMethod(state, method, state.headingDepth + 1, { text, line });
  if (!isMinorTitle(text)) return;
  enterSection(state, text, line, state.headingDepth + 1);
  const last = state.tables.at(-1);
  if (last === undefined || line > getNodePosition(last.table).lastLine) return;
  last.sections.push({ line, text });
  state.section?.tables.push(last);
}

function applyHeading(state: OutlineState, { text, depth, line }: PageEvent & { kind: "heading" }): void {
  if (state.directives.length > 0) return;
  state.headingDepth = depth;
  // The first level is the title, which is of the whole page.
  enterMethod(state, depth === 1 ? undefined : findHeadingMethod(text), depth, { text, line });
  if (isMinorTitle(text)) enterSection(state, text, line, depth);
  else if (depth <= state.sectionDepth) leaveSection(state);
}

/** A heading ends those of its depth and below; it holds for the tables under it, unless a tab or marker says whose they are. */
function enterMethod(
  state: OutlineState,
  method: Method | undefined,
  depth: number,
  { text, line }: { text: string; line: number },
): void {
  state.methodHeadings = state.methodHeadings.filter((each) => each.depth < depth);
  if (method === undefined) return;
  const place = Object.assign(addPlace(state, "heading", text, line, depth), { method, depth });
  state.methodHeadings.push(place);
}

function enterSection(state: OutlineState, text: string, line: number, depth: number): void {
  state.sectionDepth = depth;
  state.section = addPlace(state, "section", text, line);
}

function leaveSection(state: OutlineState): void {
  state.sectionDepth = 0;
  state.section = undefined;
}

function addTable(state: OutlineState, table: Table, line: number): void {
  const tabs = readWhose(state.openTabs);
  const marked = state.marker === undefined ? undefined : findMarkerMethod(state.marker.label);
  if (tabs.method !== undefined && marked !== undefined && tabs.method !== marked) {
    state.warnings.push(
      `The table at line ${line} stands in the ${tabs.method} tab, but its marker says ${marked}; the tab was believed.`,
    );
  }
  const headed = state.methodHeadings.at(-1);
  const method = tabs.method ?? marked;
  if (method !== undefined && headed !== undefined && headed.method !== method) {
    const place = tabs.method === undefined ? "marker" : "tab";
    state.warnings.push(
      `The table at line ${line} stands under a heading that says ${headed.method}, on line ${headed.line}, but its ${place} says ${method}; the ${place} was believed.`,
    );
  }
  const sections = [{ line, text: state.section?.label ?? "" }];
  const placed = { table, line, sections, ...tabs, method: method ?? headed?.method };
  state.tables.push(placed);
  for (const place of listOpenPlaces(state)) place.tables.push(placed);
}

/** True for `4.7.x`, `4.8`, `4.3.x and Prior`, `Version 4.9`: a few words, one of them a minor. */
function isMinorTitle(text: string): boolean {
  const words = text.split(/\s+/);
  return words.length <= 4 && words.some((word) => /^v?\d+\.\d+(\.(x|\d+))?[:,]?$/i.test(word));
}
