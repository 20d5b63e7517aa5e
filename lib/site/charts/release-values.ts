import { type ReleaseRow } from "../../planning/rules/types.js";
import { addImagePrefix } from "./image-prefix.js";

type Values = Record<string, unknown>;

/**
 * What the values of a release start from, before `palette:values`: those stored with its deployed revision, the
 * archive's values file, or nothing but the chart's own defaults.
 */
export type ValuesSource = "stored" | "archive" | "defaults";

export interface BaseValues {
  source: ValuesSource;
  values: Values;
}

interface BaseValuesInput {
  /** The archive's values file; empty where the archive has none, as in a registry. */
  archive: Values;
  /** Values of the deployed revision; empty where there is none. */
  stored: Values;
  /** As `addImagePrefix` takes it. */
  registryBase: string | null;
}

/**
 * Selects what the values of a release start from. Helm keeps the stored values of a release for which an upgrade gives
 * none (neither `resetValues` nor `reuseValues` is set), so where the archive has no values file they are carried on
 * openly, with the stack's overrides merged over them as Helm's own rule would not. Pure.
 */
export function selectBaseValues(
  { values: origin }: Pick<ReleaseRow, "values">,
  { archive, stored, registryBase }: BaseValuesInput,
): BaseValues {
  if (origin === "archive" && !isEmpty(archive))
    return { source: "archive", values: addImagePrefix(archive, stored, registryBase) };
  return { source: isEmpty(stored) ? "defaults" : "stored", values: stored };
}

function isEmpty(values: Values): boolean {
  return Object.keys(values).length === 0;
}
