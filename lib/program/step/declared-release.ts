import { type ObservedRelease } from "../../site/types.js";

/** One Helm release as this update declares it. */
export interface DeclaredRelease {
  role: ObservedRelease["role"];
  name: string;
  namespace: string;
  /** Chart path relative to the program. */
  chart: string;
  chartVersion: string;
  /** Complete values, one secret. Null in a preview that cannot reach the cluster: the stored ones stay. */
  values: Record<string, unknown> | null;
  /** True where the version's chart takes over objects that were not Helm's before. */
  takeOwnership: boolean;
  /** True when the release is on the cluster: it is imported, never created. */
  exists: boolean;
  /** Name of its resource, if somebody imported it by hand. */
  resourceName?: string;
}
