import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { create } from "tar";
import { listExpectedReleases } from "../../../lib/planning/rules/rules.js";
import type { ReleaseRow, Role } from "../../../lib/planning/rules/types.js";

/** Legend: charts of tests are tiny, but packed as Helm packs them. */
export interface ChartOnTest {
  name: string;
  version: string;
  appVersion?: string;
  /** Further files by path below the chart's folder. */
  files?: Record<string, string>;
}

export function chartYaml({ name, version, appVersion }: ChartOnTest): string {
  const app = appVersion === undefined ? "" : `appVersion: "${appVersion}"\n`;
  return `apiVersion: v2\nname: ${name}\nversion: ${version}\n${app}`;
}

/** The bytes of a packed chart. */
export async function packed(chart: ChartOnTest): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "pack-"));
  try {
    for (const [path, text] of Object.entries({ "Chart.yaml": chartYaml(chart), ...chart.files })) {
      put(join(folder, chart.name, path), text);
    }
    const stream = create({ cwd: folder, gzip: true, portable: true, mtime: new Date(0) }, [chart.name]);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return Buffer.concat(chunks);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function hubbleChart(version: string, files: Record<string, string> = {}): ChartOnTest {
  return { name: "spectro-mgmt-plane", version, appVersion: version, files };
}

export function zipped(entries: Record<string, Buffer | string>): Buffer {
  return Buffer.from(zipSync(Object.fromEntries(Object.entries(entries).map(([k, v]) => [k, Buffer.from(v)]))));
}

export function put(path: string, content: Buffer | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

export function rowOf(role: Role, version = "4.7.20"): ReleaseRow {
  return listExpectedReleases(version, {}).find((row) => row.role === role)!;
}

export interface TemporaryProject {
  dir: string;
  put: (path: string, content: Buffer | string) => void;
  remove: () => void;
}

/** A project folder of its own for each test. */
export function temporaryProject(): TemporaryProject {
  const dir = mkdtempSync(join(tmpdir(), "charts-"));
  return {
    dir,
    put: (path, content) => put(join(dir, path), content),
    remove: () => rmSync(dir, { recursive: true }),
  };
}
