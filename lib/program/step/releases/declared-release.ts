import { type ValuesSource } from "../../../site/charts/release-values.js";
import { type ObservedRelease } from "../../../site/types.js";

/** Where the values of a release come from. Names keys, never a value. */
export interface ValuesOrigin {
  source: ValuesSource;
  /** The values file in the archive, or the release and revision that the stored values are of; empty for defaults. */
  place: string;
  /** Key paths that come from there, sorted. */
  keys: string[];
  /** Key paths that `palette:values` sets over them, sorted. */
  overrides: string[];
}

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
  /** Null where `values` is. */
  valuesFrom: ValuesOrigin | null;
  /** True where the version's chart takes over objects that were not Helm's before. */
  takeOwnership: boolean;
  /** True when the release is on the cluster: it is imported, never created. */
  exists: boolean;
  /** Name of its resource, if somebody imported it by hand. */
  resourceName?: string;
}
