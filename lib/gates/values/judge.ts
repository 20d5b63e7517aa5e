import { isDeepStrictEqual } from "node:util";
import {
  formatKeyPath,
  getValueAt,
  type KeyPath,
  type Leaf,
  listLeaves,
  mergeValues,
} from "../../base/text/value-paths.js";
import { isInRange } from "../../planning/rules/edge-pattern.js";
import type { Role, ValueKeyRow } from "../../planning/rules/types.js";
import type { Version } from "../../planning/version/version.js";
import { createNote, type Finding } from "../verdict/findings.js";
import { isStalePin, isVersionedImage } from "./image-pins.js";
import { isConflicting, findKeySource, type ChartParts } from "./known-keys.js";
import { listMissingKeys } from "./required-keys.js";

/** The values of one release at a hop: stored values, old and new chart, and which keys the stack sets itself. */
export interface ReleaseValues {
  role: Role;
  /** Name of the release. */
  name: string;
  stored: Record<string, unknown>;
  /** Chart of the deployed revision; null where the hop adds the release. */
  oldChart: ChartParts | null;
  oldVersion: string | null;
  newChart: ChartParts;
  newVersion: string;
  /** The vendor's values that the release gets in place of the stored ones; null where those are kept. */
  archive: Record<string, unknown> | null;
  /** The vendor's values file, where the values would come from one that the archive does not have; else null. */
  absentFile: string | null;
  /** Dotted paths that `palette:values` sets for the role. */
  overridden: readonly string[];
  to: Version;
  /** Rows of data/value-keys.json. */
  rows: readonly ValueKeyRow[];
}

/**
 * Finds values of a release that its next chart would not use as intended: stored ones that are kept, required ones that
 * nobody sets, and those that the stack sets. Stored ones that the archive's replace are judged by
 * `judgeReplacedValues`. Names keys, never a value. Pure.
 */
export function judgeValues(values: ReleaseValues): Finding[] {
  // The chart that the stored values were made for; null where none of them is kept.
  const keptFor = values.archive === null ? values.oldChart : null;
  return [
    ...(keptFor === null ? [] : judgeKept(keptFor, values)),
    ...judgeRequired(values),
    ...values.overridden.flatMap((key) => judgeOverride(key, values)),
    ...(keptFor === null ? [] : checkChangedDefaults(keptFor, values)),
  ];
}

function judgeKept(oldChart: ChartParts, values: ReleaseValues): Finding[] {
  return listLeaves(values.stored).flatMap((leaf) => judgeStored(leaf, oldChart, values));
}

function judgeStored({ path, value }: Leaf, oldChart: ChartParts, values: ReleaseValues): Finding[] {
  const key = formatKeyPath(path);
  const row = findRow(key, values);
  if (row !== null) return [createRemovedKeyFinding(key, row, values)];
  const before = findKeySource(oldChart, path);
  const after = findKeySource(values.newChart, path);
  const oldDefault = getValueAt(oldChart.defaults, path);
  if (before !== null && after === null) {
    const own = !isDeepStrictEqual(value, oldDefault);
    return [own ? createLostKeyFinding(key, "no longer knows it", values) : createDeadKeyFinding(key, values)];
  }
  if (isConflicting(values.newChart, path, value) && !isConflicting(oldChart, path, value)) {
    return [createLostKeyFinding(key, "has something of another kind there", values)];
  }
  if (isOverridden(key, values)) return [];
  const newDefault = getValueAt(values.newChart.defaults, path);
  if (isStalePin(path.at(-1)!, value, oldDefault, newDefault)) return [createStalePinFinding(key, values)];
  return isUnprovedPin({ path, value }, values) ? [createUnprovedPinFinding(key, values)] : [];
}

/**
 * True for a stored image of a release whose images come with the vendor's values file: without the file, nothing shows
 * that another chart version runs with it.
 */
function isUnprovedPin(
  { path, value }: Leaf,
  { absentFile, oldVersion, newVersion, newChart }: ReleaseValues,
): boolean {
  if (absentFile === null || oldVersion === newVersion) return false;
  return isVersionedImage(path.at(-1)!, value) && getValueAt(newChart.defaults, path) !== value;
}

function judgeRequired(values: ReleaseValues): Finding[] {
  const { oldChart, newChart, stored, archive } = values;
  const isSetByStack = (path: KeyPath): boolean => isOverridden(formatKeyPath(path), values);
  const listMissing = (chart: ChartParts, given: Record<string, unknown>): string[] =>
    listMissingKeys(chart, mergeValues(chart.defaults, given), isSetByStack).map(formatKeyPath);
  const before = oldChart === null ? [] : listMissing(oldChart, stored);
  const setters = archive !== null ? "the vendor's values" : "the stored values";
  return listMissing(newChart, archive ?? stored)
    .filter((key) => !before.includes(key))
    .map((key) =>
      createBlockingFinding(
        "REQUIRED_KEY",
        key,
        `${formatChart(values)} requires ${key}, which neither ${setters} nor the stack set. Set it under palette:values.${values.role}.`,
      ),
    );
}

function judgeOverride(key: string, values: ReleaseValues): Finding[] {
  const path = key.split(".");
  const { oldChart, newChart, role } = values;
  const row = findRow(key, values);
  const gone = oldChart !== null && findKeySource(oldChart, path) !== null && findKeySource(newChart, path) === null;
  if (row !== null || gone) {
    const why = row === null ? "" : ` ${row.because}`;
    const text = `palette:values.${role} sets ${key}, which ${formatChart(values, "chart")} no longer knows.${why} Remove it there.`;
    return row?.blocks === false ? [createNote(text, key)] : [createBlockingFinding("OVERRIDE_DEAD", key, text)];
  }
  // The value may be secret and is not available here: the empty text stands for any value that is no filled map.
  if (!isConflicting(newChart, path, "")) return [];
  const text = `palette:values.${role} sets ${key}, where ${formatChart(values, "chart")} has something of another kind: one of the two would be dropped. Write the override after the next chart's values.yaml.`;
  return [createBlockingFinding("OVERRIDE_CONTRADICTS", key, text)];
}

/**
 * Remarks on stored copies of an old default that the chart has changed: they keep the old one, which few sites intend.
 */
function checkChangedDefaults(oldChart: ChartParts, values: ReleaseValues): Finding[] {
  const keys = listLeaves(values.stored)
    .filter(({ path, value }) => {
      const [before, after] = [getValueAt(oldChart.defaults, path), getValueAt(values.newChart.defaults, path)];
      const repeats = isDeepStrictEqual(value, before) && after !== undefined && !isDeepStrictEqual(before, after);
      return repeats && !isOverridden(formatKeyPath(path), values) && !isStalePin(path.at(-1)!, value, before, after);
    })
    .map(({ path }) => formatKeyPath(path))
    .sort();
  if (keys.length === 0) return [];
  const shown =
    keys.slice(0, shownKeys).join(", ") + (keys.length > shownKeys ? ` and ${keys.length - shownKeys} more` : "");
  return [
    createNote(
      `Release "${values.name}": ${keys.length} stored keys repeat a default that chart ${values.newVersion} has changed, and keep the old one: ${shown}.`,
    ),
  ];
}

const shownKeys = 12;

function createRemovedKeyFinding(key: string, row: ValueKeyRow, values: ReleaseValues): Finding {
  const text = `Release "${values.name}": the stored values set ${key}, which Palette ${values.to} no longer knows (${row.gone}). ${row.because}`;
  return row.blocks ? createBlockingFinding("DEAD_KEY", key, `${text} ${howToAccept}`) : createNote(text, key);
}

function createDeadKeyFinding(key: string, values: ReleaseValues): Finding {
  return createBlockingFinding(
    "DEAD_KEY",
    key,
    `Release "${values.name}": the stored values repeat the old default of ${key}, which ${formatChart(values, "chart")} no longer knows. It has no effect from then on. ${howToAccept}`,
  );
}

function createLostKeyFinding(key: string, what: string, values: ReleaseValues): Finding {
  return createBlockingFinding(
    "LOST_KEY",
    key,
    `Release "${values.name}": the site sets ${key} itself, but ${formatChart(values, "chart")} ${what}: the setting would be lost. Find what it is called now, set that under palette:values.${values.role}, then accept this one for the hop.`,
  );
}

function createStalePinFinding(key: string, values: ReleaseValues): Finding {
  return createBlockingFinding(
    "STALE_IMAGE_PIN",
    key,
    `Release "${values.name}": the stored ${key} pins an image of the old chart, where ${formatChart(values, "chart")} brings another: the old image would run in the new version. Set ${key} under palette:values.${values.role} to the image of ${values.to}, or accept it for the hop.`,
  );
}

function createUnprovedPinFinding(key: string, values: ReleaseValues): Finding {
  const { name, role, absentFile, to } = values;
  return createBlockingFinding(
    "STALE_IMAGE_PIN",
    key,
    `Release "${name}": the archive of ${to} has no ${absentFile}, so Helm keeps the stored values, whose ${key} pins an image that ${formatChart(values, "chart")} does not name: the old image would run under the new chart. Put the vendor's file into the archive, set ${key} under palette:values.${role} to the image of ${to}, or accept it for the hop.`,
  );
}

const howToAccept = "Accept it for the hop (palette:accept) once the site is known to do without.";

function formatChart({ newVersion }: ReleaseValues, word = "Chart"): string {
  return `${word} ${newVersion}`;
}

function createBlockingFinding(code: string, key: string, message: string): Finding {
  return { outcome: "fail", code, member: key, message };
}

function findRow(key: string, { role, rows, to }: ReleaseValues): ValueKeyRow | null {
  const isMatchingRow = (row: ValueKeyRow): boolean =>
    row.roles.includes(role) && isInRange(to, row.gone) && (key === row.key || key.startsWith(`${row.key}.`));
  return rows.find(isMatchingRow) ?? null;
}

function isOverridden(key: string, { overridden }: ReleaseValues): boolean {
  return overridden.some((path) => path === key || key.startsWith(`${path}.`) || path.startsWith(`${key}.`));
}
