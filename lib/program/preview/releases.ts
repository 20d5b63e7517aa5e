import { type ChartsByVersion } from "../../site/charts/check-charts.js";
import { computeValuesDigest } from "../../site/helm/records.js";
import { formatMarker } from "../../site/helm/releases.js";
import { type Prepared } from "../step/prepare.js";
import { type PreviewedRelease } from "./report.js";
import { type DeclaredRelease } from "../step/releases/declared-release.js";

/**
 * Lists the declared releases that this update moves: in a hop or an installation all of them, else those that differ
 * from what is deployed, e.g. because `palette:values` was changed. Pure.
 */
export function listMovingReleases(
  releases: readonly DeclaredRelease[],
  { observation, step }: Pick<Prepared, "observation" | "step">,
): DeclaredRelease[] {
  if (step.kind === "hop" || step.kind === "install") return [...releases];
  if (observation === null) return [];
  return releases.filter(({ role, chartVersion, values }) => {
    const deployed = observation.releases.find((release) => release.role === role)?.deployed ?? null;
    const isSame =
      deployed !== null &&
      deployed.chartVersion === chartVersion &&
      deployed.description === formatMarker(step.destination) &&
      (values === null || deployed.valuesDigest === computeValuesDigest(values));
    return !isSame;
  });
}

/** Lists the releases that move, with what they are now. */
export function listPreviewedReleases(
  releases: readonly DeclaredRelease[],
  prepared: Pick<Prepared, "observation" | "step">,
  charts: ChartsByVersion,
): PreviewedRelease[] {
  const { observation, step } = prepared;
  return listMovingReleases(releases, prepared).map(({ role, name, namespace, chartVersion, valuesFrom }) => ({
    role,
    name,
    namespace,
    from: observation?.releases.find((release) => release.role === role)?.deployed?.chartVersion ?? null,
    to: chartVersion,
    sha256: charts.get(step.destination)![role]!.sha256,
    values: valuesFrom,
  }));
}
