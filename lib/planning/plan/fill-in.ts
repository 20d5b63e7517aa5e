import type { Edition, Method } from "../matrix/types.js";
import type { Version } from "../version/version.js";
import { findBundledKubernetes, findAgentRow, findHighestKubernetes } from "../rules/rules.js";

const notListed = "a version the vendor does not list";

/**
 * Fills the placeholders of a rule's text for one hop: `{kubernetes.from}`, `{kubernetes.to}` (the highest Kubernetes
 * that may host the release), `{bundled.from}`, `{bundled.to}` (what the release includes), `{gateway.kubernetes.to}`
 * and `{gateway.cli.to}` (what the vendor names for gateways). Other braces are left unchanged.
 */
export function fillPlaceholders(
  text: string,
  from: Version,
  to: Version,
  { edition, method }: { edition: Edition; method: Method },
): string {
  const placeholders: Record<string, () => string | undefined> = {
    "kubernetes.from": () => findHighestKubernetes(from)?.highest,
    "kubernetes.to": () => findHighestKubernetes(to)?.highest,
    "bundled.from": () => findBundledKubernetes(from, edition, method),
    "bundled.to": () => findBundledKubernetes(to, edition, method),
    "gateway.kubernetes.to": () => findAgentRow(to, "gateway-kubernetes")?.version,
    "gateway.cli.to": () => findAgentRow(to, "palette-cli")?.version,
  };
  return text.replace(/\{([a-z.]+)\}/g, (whole, name: string) => {
    const getValue = placeholders[name];
    return getValue === undefined ? whole : (getValue() ?? notListed);
  });
}
