import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { InvalidInputError } from "../errors.js";
import { type ReleaseRow } from "../plan/rules-types.js";
import { type Version } from "../version/version.js";

/** A chart found in the vendor's unpacked archive. */
export interface FoundChart {
  /** Relative to the program's folder, e.g. `charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz`. */
  path: string;
  version: string;
  /** The archive's own values for a chart that takes them from there; empty otherwise. */
  archiveValues: Record<string, unknown>;
}

/** Where charts are looked for: `template` is `palette:charts`, `{version}` in it stands for the release. */
export interface ChartFolder {
  projectDir: string;
  template: string;
}

/**
 * Finds one release's chart of one Palette version: a packed `.tgz` or, under the same name, an unpacked folder.
 *
 * @throws InvalidInputError `CHART_MISSING` naming the file expected, `CHART_AMBIGUOUS` naming those found.
 */
export function findChart(folder: ChartFolder, version: Version, row: ReleaseRow): FoundChart {
  const archive = folder.template.replaceAll("{version}", version);
  const found = row.archives.flatMap((pattern) => candidates(folder.projectDir, join(archive, pattern)));
  if (found.length === 0) {
    throw new InvalidInputError(
      "CHART_MISSING",
      `Palette ${version} needs ${join(archive, row.archives[0]!)}, which is not there.`,
      {
        next: "Unpack the vendor's archive of that release, or set palette:charts to where it is ({version} stands for the release).",
      },
    );
  }
  if (found.length > 1) {
    throw new InvalidInputError(
      "CHART_AMBIGUOUS",
      `Palette ${version}: ${found.map((f) => f.path).join(" and ")} both fit; one is expected.`,
      {
        next: "Remove what does not belong to this release.",
      },
    );
  }
  const values = row.values === "archive" ? valuesOf(folder.projectDir, archive, row.valuesFiles) : {};
  return { ...found[0]!, archiveValues: values };
}

function candidates(projectDir: string, pattern: string): { path: string; version: string }[] {
  const folder = dirname(pattern);
  const [prefix = "", suffix = ""] = pattern.slice(folder.length + 1).split("*");
  const absolute = join(projectDir, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute)
    .filter((name) => name.startsWith(prefix) && /^v?\d/.test(name.slice(prefix.length)))
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (name.endsWith(suffix)) return [{ path, version: name.slice(prefix.length, -suffix.length) }];
      const chartFile = join(absolute, name, "Chart.yaml");
      if (!statSync(join(absolute, name)).isDirectory() || !existsSync(chartFile)) return [];
      return [{ path, version: (parse(readFileSync(chartFile, "utf8")) as { version: string }).version }];
    });
}

function valuesOf(projectDir: string, archive: string, files: string[]): Record<string, unknown> {
  const file = files.map((name) => join(projectDir, archive, name)).find((path) => existsSync(path));
  if (file === undefined) return {};
  return (parse(readFileSync(file, "utf8")) as Record<string, unknown> | null) ?? {};
}
