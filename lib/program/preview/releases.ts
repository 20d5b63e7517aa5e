import { type ChartsByVersion } from "../../site/charts/check-charts.js";
import { type Prepared } from "../step/prepare.js";
import { type PreviewedRelease } from "./report.js";
import { type DeclaredRelease } from "../step/declared-release.js";

/** Lists the releases that move; where nothing moves they are declared unchanged and not listed. */
export function listPreviewedReleases(
  releases: readonly DeclaredRelease[],
  { observation, step }: Prepared,
  charts: ChartsByVersion,
): PreviewedRelease[] {
  if (step.kind !== "hop" && step.kind !== "install") return [];
  return releases.map(({ role, name, namespace, chartVersion, valuesFrom }) => ({
    role,
    name,
    namespace,
    from: observation?.releases.find((release) => release.role === role)?.deployed?.chartVersion ?? null,
    to: chartVersion,
    sha256: charts.get(step.destination)![role]!.sha256,
    values: valuesFrom,
  }));
}
