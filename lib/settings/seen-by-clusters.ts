/** Returns whether each PCG of a tenant has a kubeconfig of its own, so that the tenant's Palette API is not needed. */
export function isSeenByClusters(
  { name, pcgs }: { name: string; pcgs: readonly string[] },
  clusters: readonly { pcg: string }[],
): boolean {
  return pcgs.length > 0 && pcgs.every((pcg) => clusters.some((cluster) => cluster.pcg === `${name}/${pcg}`));
}
