import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { listExpectedReleases } from "../../../../lib/planning/rules/rules.js";
import { type Role } from "../../../../lib/planning/rules/types.js";
import { type Version } from "../../../../lib/planning/version/version.js";
import { toStubChart } from "../stub-chart.js";
import { type RehearsalWorkspace } from "../workspace.js";
import { runHelm, type HelmClient } from "../../../../lib/site/helm/command.js";
import { renderStubFiles, type StubChartOptions } from "./stub-files.js";

/** The releases of a plain vendor installation. */
const installedRoles: readonly Role[] = ["cert-manager", "spectro-mgmt-crds", "hubble"];

/** Writes the stub charts of these versions, with their objects, where the program looks for the vendor's charts. */
export function writeStubCharts(
  workspace: RehearsalWorkspace,
  versions: readonly Version[],
  options: StubChartOptions,
): void {
  for (const version of versions) {
    workspace.writeCharts(version, listExpectedReleases(version, {}), (row) => renderStubFiles(version, row, options));
  }
}

/** Returns the path of a stub chart in a rehearsal's folder. */
function getStubChartPath(workspace: RehearsalWorkspace, version: Version, role: Role): string {
  const row = listExpectedReleases(version, {}).find((each) => each.role === role)!;
  return join(workspace.folder, "charts", `release-${version}`, toStubChart(version, row).folder);
}

/** Installs the stub charts of one version with Helm, as a person would. @throws Error with Helm's message. */
export async function installStubCharts(
  client: HelmClient,
  workspace: RehearsalWorkspace,
  version: Version,
  signal: AbortSignal,
): Promise<void> {
  const rows = listExpectedReleases(version, {}).filter(({ role }) => installedRoles.includes(role));
  for (const row of rows) {
    const chart = getStubChartPath(workspace, version, row.role);
    const result = await runHelm(client, {
      arguments: ["install", row.name, chart, "--namespace", "default", "--values", "-"],
      stdin: JSON.stringify(row.role === "hubble" ? createSiteValues() : {}),
      signal,
    });
    if (result.exitCode !== 0) throw new Error(`helm install ${row.name}: ${result.stderr.trim()}`);
  }
}

/**
 * Uninstalls the stub charts of an earlier rehearsal; their namespaces stay, as the vendor's would. @throws Error with
 * Helm's message.
 */
export async function uninstallStubCharts(
  client: HelmClient,
  releases: readonly { name: string; namespace: string }[],
  signal: AbortSignal,
): Promise<void> {
  const keys = new Set(releases.map(({ namespace, name }) => `${namespace}/${name}`));
  for (const key of keys) {
    const [namespace = "", name = ""] = key.split("/");
    const result = await runHelm(client, {
      arguments: ["uninstall", name, "--namespace", namespace, "--wait"],
      signal,
    });
    if (result.exitCode !== 0) throw new Error(`helm uninstall ${name}: ${result.stderr.trim()}`);
  }
}

/** Creates Helm values like those of a real site, including a generated secret. */
function createSiteValues(): Record<string, unknown> {
  return {
    config: { env: { rootDomain: "palette.rehearsal.example" }, installationMode: "connected" },
    mongo: { databasePassword: randomBytes(18).toString("base64") },
  };
}
