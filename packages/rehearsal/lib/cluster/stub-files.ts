import { stringify } from "yaml";
import { type ReleaseRow } from "../../../../lib/planning/rules/types.js";
import { type Version } from "../../../../lib/planning/version/version.js";
import { createChartObjects } from "./chart-objects.js";

export interface StubChartOptions {
  /** Image of every container; null: the vendor's image names, for clusters that pull none. */
  image: string | null;
}

/** Creates the default values of the stub charts; a site's own values override them. */
function createDefaultValues(options: StubChartOptions): Record<string, unknown> {
  return {
    standIn: { image: options.image ?? "", stuck: {} },
    config: { env: { rootDomain: "palette.rehearsal.example" } },
    mongo: { databasePassword: "" },
  };
}

/** Renders the files of a stub chart besides its Chart.yaml: objects for a real cluster, and their values. Pure. */
export function renderStubFiles(version: Version, row: ReleaseRow, options: StubChartOptions): Record<string, string> {
  const objects = createChartObjects(row.role, version).map((object) => stringify(object, { lineWidth: 0 }));
  return {
    "values.yaml": stringify(createDefaultValues(options)),
    "templates/objects.yaml": objects.join("---\n"),
  };
}
