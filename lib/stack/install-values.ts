import { type ChartsByVersion } from "../charts/check-charts.js";
import { mergeValues } from "../charts/merge-values.js";
import { type ChartSource } from "../charts/types.js";
import { InvalidInputError } from "../errors.js";
import { listMissingKeys } from "../gates/values/required-keys.js";
import { type Version } from "../version/version.js";
import { type DeclaredRelease } from "./palette-installation.js";

export interface InstallValuesInput {
  destination: Version;
  releases: readonly Pick<DeclaredRelease, "role" | "values">[];
  charts: ChartsByVersion;
  source: Pick<ChartSource, "getContents">;
}

/**
 * Checks that the settings have all values that the charts require: a fresh install has no stored values to fall back
 * on.
 *
 * @throws InvalidInputError `VALUES_INCOMPLETE` naming every missing key by its path, never a value.
 */
export async function refuseIncompleteValues(input: InstallValuesInput): Promise<void> {
  const { destination, releases, charts, source } = input;
  const missing = await Promise.all(
    releases.map(async ({ role, values }) => {
      const chart = await source.getContents(charts.get(destination)![role]!);
      const given = mergeValues(chart.defaults, values ?? {});
      return listMissingKeys(chart, given, () => false).map((path) => `palette:values.${role}.${path.join(".")}`);
    }),
  );
  const keys = missing.flat();
  if (keys.length === 0) return;
  throw new InvalidInputError(
    "VALUES_INCOMPLETE",
    `The charts of ${destination} require values that are not set:\n${keys.map((key) => `  - ${key}`).join("\n")}`,
    {
      next: `Set each: pulumi config set --path '${keys[0]}' VALUE, with --secret where it is one. The archive's values.yaml says what they mean.`,
    },
  );
}
