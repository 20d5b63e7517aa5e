import { checkCharts, collectVersionDigests } from "../../charts/check-charts.js";
import { loadRules } from "../../plan/rules.js";
import { toSiteFacts } from "../site-of-gate.js";
import type { GateInput } from "../types.js";

/**
 * Returns the sha256 by role of the charts that the hop moves to at this site: those of releases that every
 * installation has and of those installed here.
 *
 * @throws InvalidInputError as `checkCharts`; SiteError if the installed releases cannot be read.
 */
export async function readDestinationDigests({ site, settings, edge }: GateInput): Promise<Record<string, string>> {
  const source = site.charts?.();
  if (source === undefined) throw new Error("this site tells no place of charts");
  const charts = new Set((await site.kubernetes.helmRevisions()).map(({ chart }) => chart));
  const installed = loadRules("charts").filter(({ chart }) => charts.has(chart));
  const kind = { edition: settings.edition, method: "kubernetes" as const };
  const roles = installed.map(({ role }) => role);
  const found = await checkCharts({
    versions: [edge.to],
    source,
    facts: toSiteFacts(settings),
    installed: roles,
    kind,
  });
  return collectVersionDigests(found, edge.to);
}
