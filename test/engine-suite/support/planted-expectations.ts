import type { PlantedSite } from "./planted-site.js";
import type { HeldEntry, Sighting } from "./planted-watch.js";

/**
 * Whether the design puts this secret into this process's environment: a gate gets each of its secrets in an entry of its own,
 * an act by hand the same from whoever runs it, the program the stack's configuration from the engine.
 */
export function isDesigned({ argv, entry, value }: HeldEntry, site: PlantedSite): boolean {
  const line = argv.join(" ");
  const isGate = /^(\/bin\/sh -c exec )?node bin\/palette-upgrade gate [a-z-]+$/.test(line);
  const isByHand = /\/bin\/palette-upgrade (act|gate) [a-z-]+ .*--settings /.test(line);
  const isProgram = argv.some((word) => /\/@pulumi\/pulumi\/cmd\/run(\/index\.js)?$/.test(word));
  if (isProgram) return entry === "PULUMI_CONFIG";
  return (isGate || isByHand) && value === entries(site)[entry];
}

/** What a gate's secrets are called and are, each alone in its entry. */
export function entries({ rig, mongoUri, chartsPassword }: PlantedSite): Record<string, string> {
  return {
    PALETTE_API_KEY_0: rig.site.apiKeys["acme"]!,
    PALETTE_MONGO_URI: mongoUri,
    PALETTE_CHARTS_PASSWORD: chartsPassword,
  };
}

/** Files that are not the tool's: a kubeconfig holds its token, the simulated site its own memory. */
export function isTheSites(sighting: Sighting): boolean {
  return /^r\/kubeconfig: kubeconfig token |^r\/site\.json: API key /.test(sighting);
}

/** The Kubernetes plugin's copy of the kubeconfig, in the folder that goes with the run. */
export function isPluginsCopy(sighting: Sighting): boolean {
  return /^palette-upgrade-[^/]+\/tmp\/kubeconfig\d+: kubeconfig token \(plain\)$/.test(sighting);
}

/** A copy of a state that an import has left the stored Helm values in, where `told` names it. */
export function isNamedCopy(sighting: Sighting, reported: string): boolean {
  const copy = /^backend\/(\S+): stored Helm value \(/.exec(sighting)?.[1];
  return copy !== undefined && copy !== ".pulumi/stacks/palette/dev.json" && reported.includes(copy);
}
