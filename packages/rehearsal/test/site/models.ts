import { createModel, type ModelOptions } from "../../lib/site/create.js";
import { minutes, type StartedHop, type SiteModel } from "../../lib/site/model.js";

/** The moment at which the models of these tests are made. */
export const start = Date.parse("2026-01-01T00:00:00Z");

/** A healthy site. */
export function freshModel(options: Partial<ModelOptions> = {}): SiteModel {
  return createModel({ version: "4.1.12", edition: "palette", ...options }, start);
}

/** The site after hops along `versions`, an hour apart, the first one at once. */
export function afterHops(model: SiteModel, versions: readonly string[]): SiteModel {
  const hops = versions.map((to, index): StartedHop => {
    const from = index === 0 ? model.startVersion : versions[index - 1]!;
    return { from, to, at: start + index * 60 * minutes };
  });
  return { ...model, hops, installed: versions.at(-1) ?? model.installed };
}
