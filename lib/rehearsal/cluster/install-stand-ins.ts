import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { releasesOf } from "../../plan/rules.js";
import { type Role } from "../../plan/rules-types.js";
import { type Version } from "../../version/version.js";
import { standInChart } from "../stand-in-chart.js";
import { type RehearsalWorkspace } from "../workspace.js";
import { runHelm, type HelmClient } from "../../site/helm-command.js";
import { standInFiles, type StandInOptions } from "./stand-in-files.js";

/** What a plain installation of the vendor's consists of. */
const installedRoles: readonly Role[] = ["cert-manager", "spectro-mgmt-crds", "hubble"];

/** Writes the stand-in charts of these versions, objects and all, where the program looks for the vendor's. */
export function writeStandInCharts(
  workspace: RehearsalWorkspace,
  versions: readonly Version[],
  options: StandInOptions,
): void {
  for (const version of versions) {
    workspace.writeCharts(version, releasesOf(version, {}), (row) => standInFiles(version, row, options));
  }
}

/** Path of a stand-in chart below a rehearsal's folder. */
export function standInPath(workspace: RehearsalWorkspace, version: Version, role: Role): string {
  const row = releasesOf(version, {}).find((each) => each.role === role)!;
  return join(workspace.folder, "charts", `release-${version}`, standInChart(version, row).folder);
}

/** Installs the stand-ins of one version as a person does with Helm. @throws Error in Helm's words. */
export async function installStandIns(
  client: HelmClient,
  workspace: RehearsalWorkspace,
  version: Version,
  signal: AbortSignal,
): Promise<void> {
  const rows = releasesOf(version, {}).filter(({ role }) => installedRoles.includes(role));
  for (const row of rows) {
    const chart = standInPath(workspace, version, row.role);
    const result = await runHelm(client, {
      arguments: ["install", row.name, chart, "--namespace", "default", "--values", "-"],
      stdin: JSON.stringify(row.role === "hubble" ? siteValues() : {}),
      signal,
    });
    if (result.exitCode !== 0) throw new Error(`helm install ${row.name}: ${result.stderr.trim()}`);
  }
}

/** Takes the stand-ins of an earlier rehearsal away; their namespaces stay, as the vendor's would. @throws Error in Helm's words. */
export async function removeStandIns(
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

/** Values as a site keeps them, with a made-up secret among them. */
function siteValues(): Record<string, unknown> {
  return {
    config: { env: { rootDomain: "palette.rehearsal.example" }, installationMode: "connected" },
    mongo: { databasePassword: randomBytes(18).toString("base64") },
  };
}
