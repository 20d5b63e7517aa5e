import { InvalidInputError } from "../../base/errors/errors.js";

declare const brand: unique symbol;

/** A chart's version, which may become part of a file name and of a tag. */
export type ChartVersion = string & { readonly [brand]: "ChartVersion" };

/** What a chart version is, for messages. */
export const chartVersionForm = "a chart's version, e.g. 1.14.5+build";

/** Parses a version as Helm takes it, from a tag, a pin or a person; null for anything else. */
export function parseChartVersion(text: string): ChartVersion | null {
  return isChartVersion(text) ? text : null;
}

/** Returns whether a text is a chart version. */
export function isChartVersion(text: string): text is ChartVersion {
  return /^v?\d[\w.+-]{0,99}$/.test(text) && !text.includes("..");
}

/** Parses a version as `parseChartVersion` does. @throws InvalidInputError `CHART_WRONG`. */
export function requireChartVersion(text: string): ChartVersion {
  if (isChartVersion(text)) return text;
  throw new InvalidInputError("CHART_WRONG", `${JSON.stringify(text)} is not ${chartVersionForm}.`, {
    next: "Fetch the chart anew from the vendor.",
  });
}
