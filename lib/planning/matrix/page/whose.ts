import type { Edition, Method } from "../types.js";
import { findEdition, findMethod } from "./clues.js";

/** What tabs and markers say of whose rows stand in them; the innermost that says it counts. */
export interface Whose {
  method: Method | undefined;
  /** Labels that name an edition and no method ("VerteX") count before others ("Palette Management Appliance"). */
  edition: Edition | undefined;
  /** The edition is named by a label that names no method. */
  editionAlone: boolean;
}

/** Reads whose rows stand in places that lie in each other, the outermost first. */
export function readWhose(places: readonly { kind: string; label: string }[]): Whose {
  const tabs = places.filter(({ kind }) => kind === "tab").map(({ label }) => label);
  const marker = places.find(({ kind }) => kind === "marker");
  const method = tabs.map(findMethod).findLast((found) => found !== undefined);
  const alone = tabs.filter((label) => findMethod(label) === undefined).map(findEdition);
  const edition = alone.findLast((found) => found !== undefined);
  return {
    method: method ?? (marker === undefined ? undefined : findMarkerMethod(marker.label)),
    edition: edition ?? tabs.map(findEdition).findLast((found) => found !== undefined),
    editionAlone: edition !== undefined,
  };
}

/** Finds the method in the key of a marker such as `vmware-4.9`. */
export function findMarkerMethod(key: string): Method | undefined {
  return findMethod(key.replace(/[-_.]/g, " "));
}
