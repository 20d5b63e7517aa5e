import type { Edition, Method } from "../types.js";
import type { Outline, Place, PlacedTable } from "./outline.js";

/** Upgrade tables of a page, and whose each is. */
export type UpgradeTables = ReadonlyMap<PlacedTable, { edition: Edition; method: Method }>;

/** A place whose upgrade table stands elsewhere. */
export interface MovedTable {
  place: Place;
  message: string;
}

/**
 * Finds places without an upgrade table that hold what may have taken its place: a component without content, or a link
 * to upgrade paths. A tab (or a heading that names a method) counts if one beside it holds an upgrade table, or if it
 * names a method or edition of which the page holds none; a section, if one beside it holds an upgrade table; a marker, always.
 */
export function findMovedTables({ places }: Outline, upgradeTables: UpgradeTables): MovedTable[] {
  const full = new Set(places.filter((place) => place.tables.some((table) => upgradeTables.has(table))));
  const fullGroups = new Set([...full].map((place) => place.group));
  const moved = places.filter((place) => {
    if (full.has(place) || place.elsewhere.length === 0) return false;
    return place.kind === "marker" || fullGroups.has(place.group) || isMissed(place, upgradeTables);
  });
  // Of a marker in a section in a tab, the innermost says enough.
  return moved.filter((place) => !moved.some((other) => isInside(other, place))).map(describeMoved);
}

/** Warns of components named after upgrade paths whose place was not stopped for them: more rows may stand there. */
export function listUnreadComponents({ elsewhere }: Outline, moved: readonly MovedTable[]): string[] {
  const known = new Set(moved.flatMap(({ place }) => place.elsewhere));
  return elsewhere.flatMap((each) => {
    if (known.has(each) || !each.component || !/paths?\b|matrix/i.test(each.what)) return [];
    return [`The component at line ${each.line}, ${each.what}, was not read: rows in it are missing.`];
  });
}

function isMissed({ kind, method, edition }: Place, upgradeTables: UpgradeTables): boolean {
  if ((kind !== "tab" && kind !== "heading") || (method === undefined && edition === undefined)) return false;
  return ![...upgradeTables.values()].some(
    (whose) =>
      (method === undefined || whose.method === method) && (edition === undefined || whose.edition === edition),
  );
}

function isInside(inner: Place, outer: Place): boolean {
  return inner !== outer && inner.line >= outer.line && inner.elsewhere.some((each) => outer.elsewhere.includes(each));
}

function describeMoved(place: Place): MovedTable {
  const { kind, label, line, elsewhere } = place;
  const first = elsewhere.find(({ component }) => component) ?? elsewhere[0];
  return {
    place,
    message:
      `The ${kind} "${label}" at line ${line} holds no upgrade table, but ${first?.what ?? ""} at line ` +
      `${first?.line ?? 0}: its rows stand elsewhere.`,
  };
}
