import { InvalidInputError } from "../errors.js";

/**
 * `palette:charts` as what it is. `places`: a folder (or an archive), `{version}` standing for the release where it is in it;
 * `registry`: an OCI registry and the path below which the charts lie.
 */
export type ChartLocation =
  | { kind: "places"; template: string }
  | {
      kind: "registry";
      /** Host, and port where there is one. */
      host: string;
      /** Path below the host, `{version}` where the release stands in it; empty for none. */
      template: string;
    };

/** Two letters at least: `C:` is a drive of Windows. */
const schemePattern = /^([a-z][a-z0-9+.-]+):([\\/]*)(.*)$/i;
const hostPattern = /^[a-z0-9.-]+(:\d+)?$/i;
const registryPathPattern = /^([a-z0-9._/-]|\{version\})*$/;
/** Whatever is written as people write what is to be filled in. */
const placeholderPattern = /[$%]?\{[^}]*\}*|\}|<[^>]*>/g;

/** @throws InvalidInputError `CHARTS_LOCATION`; a name or password in it is never repeated. */
export function parseChartLocation(location: string): ChartLocation {
  const address = schemePattern.exec(location);
  if (address === null) return { kind: "places", template: withKnownPlaceholders(location) };
  const [, scheme = "", slashes = "", rest = ""] = address;
  const [authority = ""] = rest.split(/[\\/]/);
  if (authority.includes("@")) {
    throw notValid("holds credentials, which would be stored and shown in clear", [
      "Take them out of the address: palette:chartsUser for the name, and",
      '"pulumi config set --secret palette:chartsPassword" for the password; then change that password, for it was in clear.',
    ]);
  }
  if (scheme.toLowerCase() !== "oci") {
    throw notValid(`begins with ${scheme.toLowerCase()}:${slashes}, which charts are not fetched from`, [
      'Write "oci://registry/path" for a registry, or the path of a folder (./ before one whose name has a colon).',
    ]);
  }
  const template = withKnownPlaceholders(pathBehind(rest.slice(authority.length)));
  const isRegistry = hostPattern.test(authority) && registryPathPattern.test(template);
  if (slashes !== "//" || !isRegistry) throw noRegistry(slashes, isRegistry ? `${authority}/${template}` : null);
  return { kind: "registry", host: authority.toLowerCase(), template };
}

function pathBehind(slashed: string): string {
  return slashed
    .split("/")
    .filter((part) => part !== "")
    .join("/");
}

function withKnownPlaceholders(template: string): string {
  const unknown = (template.match(placeholderPattern) ?? []).find((found) => found !== "{version}");
  if (unknown === undefined) return template;
  throw notValid(`holds ${unknown}, which stands for nothing`, [
    'Write {version} where the release is to stand, as in "charts/release-{version}"; nothing else is filled in.',
  ]);
}

/** @param meant what would be a registry behind `oci://`; null where that is none either */
function noRegistry(slashes: string, meant: string | null): InvalidInputError {
  const what = slashes === "//" ? "is" : `begins with oci:${slashes}, not oci://, and is`;
  const form = meant?.replace(/\/$/, "") ?? "registry.example.com/palette/charts";
  const rest = meant === null ? ", in lower case, without a tag." : ".";
  return notValid(`${what} no address of a registry`, [`Write it as "oci://${form}"${rest}`]);
}

function notValid(what: string, next: string[]): InvalidInputError {
  return new InvalidInputError("CHARTS_LOCATION", `palette:charts ${what}.`, { next: next.join(" ") });
}
