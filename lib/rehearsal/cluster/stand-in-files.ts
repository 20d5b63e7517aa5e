import { stringify } from "yaml";
import { type ReleaseRow } from "../../plan/rules-types.js";
import { type Version } from "../../version/version.js";
import { chartObjects } from "./chart-objects.js";

export interface StandInOptions {
  /** Image of every container; null: names like the vendor's, for clusters that pull none. */
  image: string | null;
}

/** Values by which stand-ins are told what to be; a site's own values are laid over them. */
function defaultValues(options: StandInOptions): Record<string, unknown> {
  return {
    standIn: { image: options.image ?? "", stuck: {} },
    config: { env: { rootDomain: "palette.rehearsal.example" } },
    mongo: { databasePassword: "" },
  };
}

/** The files of a stand-in beside its Chart.yaml: objects to be made on a real cluster, and their values. Pure. */
export function standInFiles(version: Version, row: ReleaseRow, options: StandInOptions): Record<string, string> {
  const objects = chartObjects(row.role, version).map((object) => stringify(object, { lineWidth: 0 }));
  return {
    "values.yaml": stringify(defaultValues(options)),
    "templates/objects.yaml": objects.join("---\n"),
  };
}
