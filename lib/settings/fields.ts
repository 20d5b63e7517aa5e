import * as z from "zod";
import { durationAdvice, durationPattern, formatCompactDuration, parseDuration } from "../base/time/duration.js";
import { isVersion } from "../planning/version/version.js";
import { type Limit } from "./limits.js";

/** A field that is written as a duration (`90s`, `15m`) and read as seconds. */
type DurationField = z.ZodType<number | null, string | null | undefined>;

/** The pattern is for the JSON schema only: {@link parseDuration} says more of what is wrong. */
const writtenDuration = z.string({ error: durationAdvice }).meta({ pattern: durationPattern.source });

/** A duration above zero, or within bounds (in seconds). */
export function createDuration(bounds?: Bounds): z.ZodCodec<z.ZodString, z.ZodNumber> {
  return z.codec(writtenDuration, z.number(), {
    decode: (text, context) => {
      try {
        return parseWithin(text, bounds);
      } catch (error) {
        context.issues.push({ code: "custom", input: text, message: (error as Error).message });
        return z.NEVER;
      }
    },
    encode: formatCompactDuration,
  });
}

type Bounds = Pick<Limit, "least" | "most">;

/** @throws RangeError with what to write instead. */
function parseWithin(text: string, bounds: Bounds | undefined): number {
  if (bounds === undefined) {
    const seconds = parseDuration(text);
    if (seconds > 0) return seconds;
    throw new RangeError("write a duration above zero");
  }
  const { least, most } = bounds;
  const isWritten = durationPattern.test(text);
  const seconds = isWritten ? parseLongDuration(text) : parseDuration(text);
  if (seconds !== null && seconds >= least && seconds <= most) return seconds;
  throw new RangeError(`write a duration from ${formatCompactDuration(least)} to ${formatCompactDuration(most)}`);
}

/** Null for one that is longer than any that is read. */
function parseLongDuration(text: string): number | null {
  try {
    return parseDuration(text);
  } catch {
    return null;
  }
}

type BoundedDuration = z.ZodCodec<z.ZodString, z.ZodNumber>;
type Standard = Bounds & { standard: number };

/** A duration within bounds, which its description names. */
export function createBoundedDuration(bounds: Bounds, description: string): BoundedDuration {
  return createDuration(bounds).describe(describeRange(description, bounds, formatCompactDuration));
}

/** The same with a default. */
export function createDurationLimit(limit: Standard, description: string): z.ZodDefault<BoundedDuration> {
  return createBoundedDuration(limit, description).default(limit.standard);
}

/** The same; left out it is null. */
export function createOptionalDuration(
  bounds: Bounds,
  description: string,
): z.ZodDefault<z.ZodNullable<BoundedDuration>> {
  const described = describeRange(description, bounds, formatCompactDuration);
  return createDuration(bounds).nullable().default(null).describe(described);
}

/** A whole number within bounds, which its description names. */
export function createCountLimit(limit: Standard, description: string): z.ZodDefault<z.ZodNumber> {
  return createCount(limit)
    .default(limit.standard)
    .describe(describeRange(description, limit, String));
}

/** The same; left out it is null. */
export function createOptionalCount(bounds: Bounds, description: string): z.ZodDefault<z.ZodNullable<z.ZodNumber>> {
  return createCount(bounds)
    .nullable()
    .default(null)
    .describe(describeRange(description, bounds, String));
}

function createCount({ least, most }: Bounds): z.ZodNumber {
  const error = `write a whole number from ${least} to ${most}`;
  return z.number().int().min(least, { error }).max(most, { error });
}

function describeRange(description: string, { least, most }: Bounds, format: (value: number) => string): string {
  return `${description} From ${format(least)} to ${format(most)}.`;
}

type Durations = Record<string, DurationField>;
type Fields = z.core.$ZodLooseShape;

type InSeconds<D extends Durations> = { [K in keyof D & string as `${K}Seconds`]: z.output<D[K]> };
type Written<D extends Durations, S extends Fields> = z.ZodObject<D & S, z.core.$strict>;
type Read<D extends Durations, S extends Fields> = InSeconds<D> & z.output<z.ZodObject<S, z.core.$strict>>;

/** A group of keys; left out, each of them has its default. */
type Group<D extends Durations, S extends Fields> = z.ZodPrefault<
  z.ZodCodec<Written<D, S>, z.ZodCustom<Read<D, S>, Read<D, S>>>
>;

/**
 * Creates a group of keys. Its durations are written with a unit and read under a name with the unit: `maxLag: 10s`
 * becomes `maxLagSeconds: 10`.
 */
export function createGroup<D extends Durations, S extends Fields>(durations: D, fields: S): Group<D, S> {
  const names = Object.keys(durations).map((name) => [name, `${name}Seconds`] as const);
  const written: Written<D, S> = z.strictObject({ ...durations, ...fields });
  return z
    .codec(written, z.custom<Read<D, S>>(), {
      decode: (group) => renameKeys(group, names) as Read<D, S>,
      encode: (group) =>
        renameKeys(
          group,
          names.map(([name, inSeconds]) => [inSeconds, name]),
        ) as z.output<Written<D, S>>,
    })
    .prefault({} as z.input<Written<D, S>>);
}

function renameKeys(value: object, names: readonly (readonly [string, string])[]): object {
  const renames = new Map(names);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [renames.get(key) ?? key, part as unknown]));
}

type OptionalText = z.ZodDefault<z.ZodCodec<z.ZodNullable<z.ZodString>, z.ZodNullable<z.ZodString>>>;

/** A text that may be left out; left out or empty it is null. */
export function createOptionalText(): OptionalText {
  return z
    .codec(z.string().nullable(), z.string().nullable(), {
      decode: (text) => (text === "" ? null : text),
      encode: (text) => text,
    })
    .default(null);
}

/** A release of Palette. */
export const versionField = z.string().refine(isVersion, {
  error: (issue) => `"${String(issue.input)}" is not a Palette version; write three numbers in quotes, e.g. "4.6.41"`,
});

export const hopField = z.string().regex(/^\d+\.\d+\.\d+->\d+\.\d+\.\d+$/, 'write the hop as "4.6.41->4.7.20"');

/** Last day of something, `YYYY-MM-DD`; without quotes YAML reads a time, which the engine passes on in Go's format. */
export const dayField = z.preprocess(
  (given) => (typeof given === "string" ? given.replace(/ 00:00:00 \+0000 UTC$/, "") : given),
  z.iso.date({ error: 'write the day in quotes, e.g. "2026-12-31"' }),
);
