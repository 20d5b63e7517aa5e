import type { Edition, Method } from "../matrix/types.js";
import type { Version } from "../version/version.js";
import { bundledKubernetes, forGateways, highestKubernetes } from "./rules.js";

const notListed = "a version the vendor does not list";

/**
 * A rule's text with the words in braces filled in for one hop: `{kubernetes.from}`, `{kubernetes.to}` (the highest that may
 * host the release), `{bundled.from}`, `{bundled.to}` (what the release brings with it), `{gateway.kubernetes.to}` and
 * `{gateway.cli.to}` (what the vendor names for gateways). Other braces stay.
 */
export function fillIn(
  text: string,
  from: Version,
  to: Version,
  { edition, method }: { edition: Edition; method: Method },
): string {
  const words: Record<string, () => string | undefined> = {
    "kubernetes.from": () => highestKubernetes(from)?.highest,
    "kubernetes.to": () => highestKubernetes(to)?.highest,
    "bundled.from": () => bundledKubernetes(from, edition, method),
    "bundled.to": () => bundledKubernetes(to, edition, method),
    "gateway.kubernetes.to": () => forGateways(to, "gateway-kubernetes")?.version,
    "gateway.cli.to": () => forGateways(to, "palette-cli")?.version,
  };
  return text.replace(/\{([a-z.]+)\}/g, (whole, name: string) => {
    const word = words[name];
    return word === undefined ? whole : (word() ?? notListed);
  });
}
