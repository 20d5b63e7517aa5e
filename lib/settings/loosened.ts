import { formatCompactDuration } from "../base/time/duration.js";
import { limits, type Limit } from "./limits.js";
import { type Settings } from "./schema.js";

/** A setting by which less is proved than by its default. Texts as a person would write them. */
export interface LoosenedSetting {
  key: string;
  value: string;
  standard: string;
}

type LimitedGroup = keyof typeof limits;

/** Lists the settings that prove less than the defaults, sorted by key. */
export function listLoosened(settings: Pick<Settings, LimitedGroup>): LoosenedSetting[] {
  const groups = Object.entries(limits) as [LimitedGroup, Record<string, Limit>][];
  const loosened = groups.flatMap(([group, rows]) =>
    Object.entries(rows).flatMap(([name, limit]) => compareWithStandard(settings[group], { group, name, limit })),
  );
  const none = { key: "palette:pcg.none", value: "true", standard: "false" };
  return [...loosened, ...(settings.pcg.none ? [none] : [])].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Describes one, e.g. `palette:mongo.maxLag 30s (default 10s)`. */
export function describeLoosened({ key, value, standard }: LoosenedSetting): string {
  return `${key} ${value} (default ${standard})`;
}

function compareWithStandard(
  settings: object,
  { group, name, limit }: { group: string; name: string; limit: Limit },
): LoosenedSetting[] {
  const values = new Map<string, unknown>(Object.entries(settings));
  const isDuration = values.has(`${name}Seconds`);
  const value = values.get(isDuration ? `${name}Seconds` : name);
  if (typeof value !== "number" || !isLooser(value, limit)) return [];
  const format = isDuration ? formatCompactDuration : String;
  const standard = limit.standard === null ? "each gate's own" : format(limit.standard);
  return [{ key: `palette:${group}.${name}`, value: format(value), standard }];
}

function isLooser(value: number, { looser, standard }: Limit): boolean {
  if (looser === null || standard === null) return looser !== null;
  return looser === "more" ? value > standard : value < standard;
}
