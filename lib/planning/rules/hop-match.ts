import { getMinor, type Version } from "../version/version.js";
import { matchesEdge } from "./edge-pattern.js";
import { findBundledKubernetes, type InstallationKind, isRowFor } from "./rules.js";
import { type RuleRow } from "./types.js";

/** A hop of a kind of installation. */
export interface HopOfKind extends InstallationKind {
  from: Version;
  to: Version;
}

/** True if a row is about this hop of this kind of installation; its facts are not looked at. */
export function matchesHop(row: Pick<RuleRow, "edge" | "editions" | "methods">, hop: HopOfKind): boolean {
  if (!isRowFor(row, hop) || !matchesEdge(row.edge, hop.from, hop.to)) return false;
  return row.edge.crosses === undefined || skipsKubernetesMinor(hop);
}

/** True if the Kubernetes that the releases bring with them moves by more than one minor; false where it is not known. */
function skipsKubernetesMinor({ edition, method, from, to }: HopOfKind): boolean {
  const [before, after] = [from, to].map((version) => findBundledKubernetes(version, edition, method));
  if (before === undefined || after === undefined) return false;
  const [low, high] = [before, after].map((kubernetes) => getMinor(kubernetes).split(".").map(Number));
  return high![0]! > low![0]! || high![1]! - low![1]! > 1;
}
