import { roles, type ReleaseRow } from "../plan/rules-types.js";
import { type Version } from "../version/version.js";

/** A chart of ours in the place of the vendor's, named as the program looks for it. */
export interface StandInChart {
  /** Below the folder of its Palette version, e.g. `palette/spectro-mgmt-plane-4.6.41`. */
  folder: string;
  name: string;
  version: string;
  appVersion: string;
}

/** In `Chart.yaml`, and so in Helm's records: tells a stand-in from the vendor's chart. */
export const standInAnnotation = "palette-upgrade/stand-in";

/** Name and versions of the stand-in of one release of a Palette version; the other charts are numbered by themselves. */
export function standInChart(version: Version, row: ReleaseRow): StandInChart {
  const isPalette = row.role === "hubble";
  const own = isPalette ? version : `${roles.indexOf(row.role) + 1}.0.${version.replaceAll(".", "")}`;
  return { folder: row.archives[0]!.replace("*.tgz", own), name: row.chart, version: own, appVersion: own };
}

/** Its `Chart.yaml`. */
export function chartYaml({ name, version, appVersion }: StandInChart): string {
  return (
    `apiVersion: v2\nname: ${name}\ndescription: stand-in of palette-upgrade, not the vendor's\nversion: ${version}\n` +
    `appVersion: "${appVersion}"\nannotations:\n  ${standInAnnotation}: "true"\n`
  );
}
