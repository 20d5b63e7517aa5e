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

/** @throws InvalidInputError `CHARTS_LOCATION`; a name or password in it is never repeated. */
export function parseChartLocation(location: string): ChartLocation {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(location)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: "places", template: location };
  const rest = location.slice(scheme.length + 3);
  const [authority = "", ...path] = rest.split("/");
  if (authority.includes("@")) {
    throw notValid("holds credentials, which would be stored and shown in clear", [
      "Take them out of the address: palette:chartsUser for the name, and",
      '"pulumi config set --secret palette:chartsPassword" for the password; then change that password, for it was in clear.',
    ]);
  }
  if (scheme !== "oci") {
    throw notValid(`begins with ${scheme}://, which charts are not fetched from`, [
      'Write "oci://registry/path" for a registry, or the path of a folder.',
    ]);
  }
  const template = path.filter((part) => part !== "").join("/");
  if (!/^[a-z0-9.-]+(:\d+)?$/i.test(authority) || !/^([a-z0-9._/-]|\{version\})*$/.test(template)) {
    throw notValid("is no address of a registry", [
      'Write it as "oci://registry.example.com/palette/charts", in lower case, without a tag.',
    ]);
  }
  return { kind: "registry", host: authority.toLowerCase(), template };
}

function notValid(what: string, next: string[]): InvalidInputError {
  return new InvalidInputError("CHARTS_LOCATION", `palette:charts ${what}.`, { next: next.join(" ") });
}
