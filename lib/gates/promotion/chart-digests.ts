import { checkCharts, digestsOfVersion } from "../../charts/check-charts.js";
import { rulesOf } from "../../plan/rules.js";
import { factsOfGate } from "../site-of-gate.js";
import type { GateInput } from "../types.js";

/**
 * sha256 by role of the charts that the hop moves to at this site: of the releases that it always has, and of those that are
 * installed. @throws InvalidInputError as `checkCharts`, SiteError where the installed releases cannot be read
 */
export async function chartDigestsOf({ site, settings, edge }: GateInput): Promise<Record<string, string>> {
  const source = site.charts?.();
  if (source === undefined) throw new Error("this site tells no place of charts");
  const charts = new Set((await site.kubernetes.helmRevisions()).map(({ chart }) => chart));
  const installed = rulesOf("charts").filter(({ chart }) => charts.has(chart));
  const kind = { edition: settings.edition, method: "kubernetes" as const };
  const roles = installed.map(({ role }) => role);
  const found = await checkCharts({
    versions: [edge.to],
    source,
    facts: factsOfGate(settings),
    installed: roles,
    kind,
  });
  return digestsOfVersion(found, edge.to);
}
