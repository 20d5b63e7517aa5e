import { isDeepStrictEqual } from "node:util";
import { mergeValues } from "../../charts/merge-values.js";
import { dotted, leavesOf, valueAt, type KeyPath, type Leaf } from "../../charts/value-paths.js";
import { inRange } from "../../plan/edge-pattern.js";
import type { Role, ValueKeyRow } from "../../plan/rules-types.js";
import type { Version } from "../../version/version.js";
import { note, type Finding } from "../verdict.js";
import { isStalePin } from "./image-pins.js";
import { collides, knownBy, type ChartParts } from "./known-keys.js";
import { missingKeys } from "./required-keys.js";

/** The values of one release at a hop: three sides, and which keys the stack sets itself. */
export interface ReleaseValues {
  role: Role;
  /** Name of the release. */
  name: string;
  stored: Record<string, unknown>;
  oldChart: ChartParts;
  newChart: ChartParts;
  newVersion: string;
  /** Dotted paths that `palette:values` sets for the role. */
  overridden: readonly string[];
  to: Version;
  /** Rows of data/value-keys.json. */
  rows: readonly ValueKeyRow[];
}

/**
 * What of the stored values the next chart no longer takes as it is meant. Names keys, never a value. Pure.
 */
export function judgeValues(values: ReleaseValues): Finding[] {
  const leaves = leavesOf(values.stored);
  return [
    ...leaves.flatMap((leaf) => judgeStored(leaf, values)),
    ...judgeRequired(values),
    ...values.overridden.flatMap((key) => judgeOverride(key, values)),
    ...changedDefaults(leaves, values),
  ];
}

function judgeStored(leaf: Leaf, values: ReleaseValues): Finding[] {
  const { path, value } = leaf;
  const key = dotted(path);
  const row = rowOf(key, values);
  if (row !== null) return [goneByRow(key, row, values)];
  const before = knownBy(values.oldChart, path);
  const after = knownBy(values.newChart, path);
  const oldDefault = valueAt(values.oldChart.defaults, path);
  if (before !== null && after === null) {
    const own = !isDeepStrictEqual(value, oldDefault);
    return [own ? lostKey(key, "no longer knows it", values) : deadKey(key, values)];
  }
  if (collides(values.newChart, path, value) && !collides(values.oldChart, path, value)) {
    return [lostKey(key, "has something of another kind there", values)];
  }
  if (isOverridden(key, values)) return [];
  const newDefault = valueAt(values.newChart.defaults, path);
  return isStalePin(path.at(-1)!, value, oldDefault, newDefault) ? [stalePin(key, values)] : [];
}

function judgeRequired(values: ReleaseValues): Finding[] {
  const { oldChart, newChart, stored } = values;
  const set = (path: KeyPath): boolean => isOverridden(dotted(path), values);
  const before = missingKeys(oldChart, mergeValues(oldChart.defaults, stored), set).map(dotted);
  return missingKeys(newChart, mergeValues(newChart.defaults, stored), set)
    .map(dotted)
    .filter((key) => !before.includes(key))
    .map((key) =>
      blocking(
        "REQUIRED_KEY",
        key,
        `${ofChart(values)} requires ${key}, which neither the stored values nor the stack set. Set it under palette:values.${values.role}.`,
      ),
    );
}

function judgeOverride(key: string, values: ReleaseValues): Finding[] {
  const path = key.split(".");
  const { oldChart, newChart, role } = values;
  const row = rowOf(key, values);
  const gone = knownBy(oldChart, path) !== null && knownBy(newChart, path) === null;
  if (row !== null || gone) {
    const why = row === null ? "" : ` ${row.because}`;
    const text = `palette:values.${role} sets ${key}, which ${ofChart(values, "chart")} no longer knows.${why} Remove it there.`;
    return row?.blocks === false ? [note(text, key)] : [blocking("OVERRIDE_DEAD", key, text)];
  }
  // The value itself may be secret and is not here: a leaf of the override stands for anything but a filled map.
  if (!collides(newChart, path, "")) return [];
  const text = `palette:values.${role} sets ${key}, where ${ofChart(values, "chart")} has something of another kind: one of the two would be dropped. Write the override after the next chart's values.yaml.`;
  return [blocking("OVERRIDE_CONTRADICTS", key, text)];
}

/** Copies of an old default that the chart has since changed hold the old one fast; most sites mean the chart's. */
function changedDefaults(leaves: readonly Leaf[], values: ReleaseValues): Finding[] {
  const keys = leaves
    .filter(({ path, value }) => {
      const [before, after] = [valueAt(values.oldChart.defaults, path), valueAt(values.newChart.defaults, path)];
      const repeats = isDeepStrictEqual(value, before) && after !== undefined && !isDeepStrictEqual(before, after);
      return repeats && !isOverridden(dotted(path), values) && !isStalePin(path.at(-1)!, value, before, after);
    })
    .map(({ path }) => dotted(path))
    .sort();
  if (keys.length === 0) return [];
  const shown =
    keys.slice(0, shownKeys).join(", ") + (keys.length > shownKeys ? ` and ${keys.length - shownKeys} more` : "");
  return [
    note(
      `Release "${values.name}": ${keys.length} stored keys repeat a default that chart ${values.newVersion} has changed, and keep the old one: ${shown}.`,
    ),
  ];
}

const shownKeys = 12;

function goneByRow(key: string, row: ValueKeyRow, values: ReleaseValues): Finding {
  const text = `Release "${values.name}": the stored values set ${key}, which Palette ${values.to} no longer knows (${row.gone}). ${row.because}`;
  return row.blocks ? blocking("DEAD_KEY", key, `${text} ${howToAccept}`) : note(text, key);
}

function deadKey(key: string, values: ReleaseValues): Finding {
  return blocking(
    "DEAD_KEY",
    key,
    `Release "${values.name}": the stored values repeat the old default of ${key}, which ${ofChart(values, "chart")} no longer knows. It has no effect from then on. ${howToAccept}`,
  );
}

function lostKey(key: string, what: string, values: ReleaseValues): Finding {
  return blocking(
    "LOST_KEY",
    key,
    `Release "${values.name}": the site sets ${key} itself, but ${ofChart(values, "chart")} ${what}: the setting would be lost. Find what it is called now, set that under palette:values.${values.role}, then accept this one for the hop.`,
  );
}

function stalePin(key: string, values: ReleaseValues): Finding {
  return blocking(
    "STALE_IMAGE_PIN",
    key,
    `Release "${values.name}": the stored ${key} pins an image of the old chart, where ${ofChart(values, "chart")} brings another: the old image would run in the new version. Set ${key} under palette:values.${values.role} to the image of ${values.to}, or accept it for the hop.`,
  );
}

const howToAccept = "Accept it for the hop (palette:accept) once the site is known to do without.";

function ofChart({ newVersion }: ReleaseValues, word = "Chart"): string {
  return `${word} ${newVersion}`;
}

function blocking(code: string, key: string, message: string): Finding {
  return { outcome: "fail", code, member: key, message };
}

function rowOf(key: string, { role, rows, to }: ReleaseValues): ValueKeyRow | null {
  const fits = (row: ValueKeyRow): boolean =>
    row.roles.includes(role) && inRange(to, row.gone) && (key === row.key || key.startsWith(`${row.key}.`));
  return rows.find(fits) ?? null;
}

function isOverridden(key: string, { overridden }: ReleaseValues): boolean {
  return overridden.some((path) => path === key || key.startsWith(`${path}.`) || path.startsWith(`${key}.`));
}
