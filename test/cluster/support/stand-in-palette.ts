import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listExpectedReleases } from "../../../lib/planning/rules/rules.js";
import { type Role } from "../../../lib/planning/rules/types.js";
import { runHelm } from "../../../lib/site/helm/command.js";
import { renderStubFiles } from "../../../packages/rehearsal/lib/cluster/stub-files.js";
import { toStubChart } from "../../../packages/rehearsal/lib/stub-chart.js";
import { RehearsalWorkspace } from "../../../packages/rehearsal/lib/workspace.js";
import { type Version } from "../../../lib/planning/version/version.js";
import { type ClusterUnderTest } from "./cluster-under-test.js";
import { ourLabels } from "./given-cluster.js";
import { type GivenTools } from "./tool-names.js";

/** Planted in the installation's values: must be found nowhere outside Helm's records and the cluster's Secret. */
export const plantedPassword = "pl4nted/p@ss-w0rd";

/** A person's way with Helm: stand-in charts on disk, and the releases made from them by the real client. */
export interface StandInPalette {
  workspace: RehearsalWorkspace;
  /** Runs Helm to its end. @throws Error with what Helm said. */
  helm(args: string[], stdin?: string): Promise<string>;
  install(version: Version, roles?: Role[]): Promise<void>;
  /** Another version by hand, as an operator without this tool would. */
  upgrade(version: Version, role: Role): Promise<string>;
  chartOf(version: Version, role: Role): string;
  writeCharts(...versions: Version[]): void;
  dispose(): void;
}

export function standInPalette(
  plane: ClusterUnderTest,
  tools: Pick<GivenTools, "helm">,
  folder?: string,
): StandInPalette {
  const own = folder ?? mkdtempSync(join(tmpdir(), "palette-charts-"));
  mkdirSync(own, { recursive: true });
  const workspace = new RehearsalWorkspace(own);
  const client = { program: tools.helm, environment: process.env, kubeconfig: plane.kubeconfig };
  const helm: StandInPalette["helm"] = async (args, stdin = "") => {
    const { exitCode, stdout, stderr } = await runHelm(client, { arguments: args, stdin });
    if (exitCode !== 0) throw new Error(`helm ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  const writeCharts = (...versions: Version[]): void => {
    for (const version of versions) {
      const rows = listExpectedReleases(version, {});
      workspace.writeCharts(version, rows, (row) => renderStubFiles(version, row, { image: plane.image }));
    }
  };
  const chartOf = (version: Version, role: Role): string => {
    const row = listExpectedReleases(version, {}).find((each) => each.role === role)!;
    return join(own, "charts", `release-${version}`, toStubChart(version, row).folder);
  };
  const palette: StandInPalette = {
    workspace,
    helm,
    chartOf,
    writeCharts,
    install: async (version, roles = ["cert-manager", "hubble"]) => {
      writeCharts(version);
      for (const role of roles) {
        const values = role === "hubble" ? ["--values", "-"] : [];
        await helm(["install", role, chartOf(version, role), "--namespace", "default", ...values], siteValues());
      }
    },
    upgrade: (version, role) =>
      helm(["upgrade", role, chartOf(version, role), "--namespace", "default", "--reuse-values"]),
    dispose: () => rmSync(own, { recursive: true, force: true }),
  };
  return palette;
}

/** As a site keeps them. */
function siteValues(): string {
  return JSON.stringify({
    config: { env: { rootDomain: "palette.rehearsal.example" }, installationMode: "connected" },
    mongo: { databasePassword: plantedPassword },
  });
}

interface StorageClass {
  metadata: { annotations?: Record<string, string> };
}

/** Volumes for MongoDB's members, where the cluster makes none by itself; kwok's nodes have none of their own. */
export async function makeVolumes(plane: ClusterUnderTest, members = 3): Promise<void> {
  const classes = await plane.api.get<{ items: StorageClass[] }>("/apis/storage.k8s.io/v1/storageclasses");
  const isDefault = ({ metadata }: StorageClass): boolean =>
    metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
  if (classes.items.some(isDefault)) return;
  for (let ordinal = 0; ordinal < members; ordinal++) {
    await plane.api.create("/api/v1/persistentvolumes", {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: `mongo-${ordinal}`, labels: ourLabels },
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOnce"],
        claimRef: { namespace: "hubble-system", name: `mongo-data-mongo-${ordinal}` },
        hostPath: { path: "/nowhere" },
      },
    });
  }
}
