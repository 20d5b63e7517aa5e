import { InvalidInputError } from "../../base/errors/errors.js";

/**
 * The parsed setting `palette:charts.location`. `places`: a folder (or an archive), in which `{version}` stands for the release;
 * `registry`: an OCI registry and the path under which the charts are.
 */
type ChartLocation =
  | { kind: "places"; template: string }
  | {
      kind: "registry";
      /** Host, and port where there is one. */
      host: string;
      /** Path under the host, with `{version}` for the release; empty for none. */
      template: string;
    };

/** At least two letters, because `C:` is a Windows drive. */
const schemePattern = /^([a-z][a-z0-9+.-]+):([\\/]*)([^\\/].*)?$/i;
const hostPattern = /^[a-z0-9.-]+(:\d+)?$/i;
const registryPathPattern = /^([a-z0-9._/-]|\{version\})*$/;
/** All usual notations of a placeholder. */
const placeholderPattern = /[$%]?\{+[^{}]*\}*|\}|<[^<>]*>/g;

/**
 * Parses `palette:charts.location`.
 * @throws InvalidInputError `CHARTS_LOCATION`; a user name or password in it is never repeated.
 */
export function parseChartLocation(location: string): ChartLocation {
  const address = schemePattern.exec(location);
  if (address === null) return { kind: "places", template: checkPlaceholders(location) };
  const [, scheme = "", slashes = "", rest = ""] = address;
  const [authority = ""] = rest.split(/[\\/]/);
  if (authority.includes("@")) {
    throw createLocationError("holds credentials, which would be stored and shown in clear", [
      "Take them out of the address: palette:charts.user for the name, and",
      '"pulumi config set --secret --path palette:secrets.chartsPassword" for the password; then change that password, for it was in clear.',
    ]);
  }
  if (scheme.toLowerCase() !== "oci") {
    throw createLocationError(`begins with ${scheme.toLowerCase()}:${slashes}, which charts are not fetched from`, [
      'Write "oci://registry/path" for a registry, or the path of a folder (./ before one whose name has a colon).',
    ]);
  }
  const template = checkPlaceholders(normalisePath(rest.slice(authority.length)));
  const isRegistry = hostPattern.test(authority) && registryPathPattern.test(template);
  if (slashes !== "//" || !isRegistry)
    throw createNotRegistryError(slashes, isRegistry ? `${authority}/${template}` : null);
  return { kind: "registry", host: authority.toLowerCase(), template };
}

function normalisePath(slashed: string): string {
  return slashed
    .split("/")
    .filter((part) => part !== "")
    .join("/");
}

function checkPlaceholders(template: string): string {
  const unknown = (template.match(placeholderPattern) ?? []).find((found) => found !== "{version}");
  if (unknown === undefined) return template;
  throw createLocationError(`holds ${unknown}, which stands for nothing`, [
    'Write {version} where the release is to stand, as in "charts/release-{version}"; nothing else is filled in.',
  ]);
}

/** @param suggestion what would be a registry behind `oci://`; null where that is none either */
function createNotRegistryError(slashes: string, suggestion: string | null): InvalidInputError {
  const what = slashes === "//" ? "is" : `begins with oci:${slashes}, not oci://, and is`;
  const form = suggestion?.replace(/\/$/, "") ?? "registry.example.com/palette/charts";
  const rest = suggestion === null ? ", in lower case, without a tag." : ".";
  return createLocationError(`${what} no address of a registry`, [`Write it as "oci://${form}"${rest}`]);
}

function createLocationError(what: string, next: string[]): InvalidInputError {
  return new InvalidInputError("CHARTS_LOCATION", `palette:charts.location ${what}.`, { next: next.join(" ") });
}
