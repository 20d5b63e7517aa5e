import { roles, type ReleaseRow, type Role } from "../../../lib/planning/rules/types.js";
import { type Version } from "../../../lib/planning/version/version.js";

/** A stub chart that replaces one of the vendor's, under the name that the program looks for. */
interface StubChart {
  /** Below the folder of its Palette version, e.g. `palette/spectro-mgmt-plane-4.6.41`. */
  folder: string;
  name: string;
  version: string;
  appVersion: string;
}

/** Annotation in `Chart.yaml`, and so in Helm's records, that marks a stub chart. */
export const stubAnnotation = "palette-upgrade/stand-in";

/**
 * Returns the version that the chart of a role has at a Palette version, in archives and in Helm's records alike: a
 * newer Palette always brings newer charts. Only Palette's own chart carries the Palette version.
 */
export function getStubVersion(version: Version, role: Role): string {
  if (role === "hubble") return version;
  const [major, minor, patch] = version.split(".");
  return `${roles.indexOf(role) + 1}.${major}${minor!.padStart(2, "0")}.${patch}`;
}

/** Returns name and versions of the stub chart of one release. */
export function toStubChart(version: Version, row: ReleaseRow): StubChart {
  const own = getStubVersion(version, row.role);
  return { folder: row.archives[0]!.replace("*.tgz", own), name: row.chart, version: own, appVersion: own };
}

/** Renders the `Chart.yaml` of a stub chart. */
export function renderChartYaml({ name, version, appVersion }: StubChart): string {
  return (
    `apiVersion: v2\nname: ${name}\ndescription: stand-in of palette-upgrade, not the vendor's\nversion: ${version}\n` +
    `appVersion: "${appVersion}"\nannotations:\n  ${stubAnnotation}: "true"\n`
  );
}
