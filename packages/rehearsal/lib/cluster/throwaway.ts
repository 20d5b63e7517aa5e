import { RefusedError, getErrorMessage } from "../../../../lib/base/errors/errors.js";
import { hubbleChart } from "../../../../lib/site/helm/releases.js";
import { listRequiredNamespaces, loadRules } from "../../../../lib/planning/rules/rules.js";
import { decodeHelmRecord } from "../../../../lib/site/helm/records.js";
import { type Version } from "../../../../lib/planning/version/version.js";
import { stubAnnotation } from "../stub-chart.js";
import { type Upstream } from "./upstream.js";

/** A Helm release found on the cluster. */
export interface FoundRelease {
  name: string;
  namespace: string;
  chart: string;
  chartVersion: string;
  isStub: boolean;
}

/** What is inspected before a rehearsal writes to a cluster. */
export interface ClusterContents {
  releases: FoundRelease[];
  namespaces: { name: string; isStub: boolean }[];
  customResources: string[];
}

/** API group of the vendor's custom resources; its presence means that Palette runs there or manages the cluster. */
const vendorGroup = /\.spectrocloud\.com$/;
const next =
  "Name a throwaway cluster, made for this and holding nothing else, e.g. by kind or minikube; nothing was written.";

/**
 * Refuses a cluster that holds a real Palette, traces of one, or releases that conflict with the stub charts.
 * @throws RefusedError `CLUSTER_NOT_THROWAWAY` naming what was found.
 */
export function refuseRealPalette(contents: ClusterContents, versions: readonly Version[]): void {
  const found =
    describeForeignRelease(contents) ??
    describeForeignNamespace(contents, versions) ??
    describeVendorResource(contents);
  if (found !== null) throw new RefusedError("CLUSTER_NOT_THROWAWAY", `The cluster ${found}.`, { next });
}

function describeForeignRelease({ releases }: ClusterContents): string | null {
  const paletteReleaseNames = new Set(loadRules("charts").map(({ name }) => name));
  const foreign = releases.find(
    ({ chart, name, namespace, isStub }) =>
      !isStub && (chart === hubbleChart || (namespace === "default" && paletteReleaseNames.has(name))),
  );
  if (foreign === undefined) return null;
  const { name, namespace, chart, chartVersion } = foreign;
  return `holds Helm release "${name}" of chart ${chart} ${chartVersion} in namespace ${namespace}, which is no stand-in of a rehearsal`;
}

function describeForeignNamespace({ namespaces }: ClusterContents, versions: readonly Version[]): string | null {
  const palettes = new Set(versions.flatMap(listRequiredNamespaces));
  const foreign = namespaces.find(({ name, isStub }) => palettes.has(name) && !isStub);
  return foreign === undefined ? null : `has a namespace ${foreign.name}, as Palette has, which no rehearsal has made`;
}

function describeVendorResource({ customResources }: ClusterContents): string | null {
  const vendors = customResources.find((name) => vendorGroup.test(name));
  return vendors === undefined
    ? null
    : `knows the vendor's custom resource ${vendors}: Palette runs there, or manages it`;
}

interface KubernetesList<T> {
  items: T[];
  metadata: { continue?: string };
}
interface NamedObject {
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
}

/**
 * Reads what `refuseRealPalette` judges. @throws RefusedError `CLUSTER_UNREADABLE`: an unreadable list does not count
 * as empty.
 */
export async function readClusterContents(upstream: Pick<Upstream, "readJson">): Promise<ClusterContents> {
  try {
    const query = `labelSelector=${encodeURIComponent("owner=helm")}`;
    const [secrets, namespaces, customResources] = await Promise.all([
      listAll<NamedObject & { data?: { release?: string } }>(upstream, "/api/v1/secrets", query),
      listAll<NamedObject>(upstream, "/api/v1/namespaces"),
      listAll<NamedObject>(upstream, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"),
    ]);
    return {
      releases: secrets.map((secret) => toFoundRelease(secret)),
      namespaces: namespaces.map(({ metadata }) => ({
        name: metadata.name,
        isStub: metadata.labels?.[stubAnnotation] === "true",
      })),
      customResources: customResources.map(({ metadata }) => metadata.name),
    };
  } catch (error) {
    throw new RefusedError("CLUSTER_UNREADABLE", `What the cluster holds cannot be seen: ${getErrorMessage(error)}.`, {
      next: "Give a kubeconfig that may list Secrets, namespaces and custom resources everywhere, as on a cluster of your own.",
      cause: error,
    });
  }
}

async function listAll<T>(upstream: Pick<Upstream, "readJson">, path: string, query = ""): Promise<T[]> {
  const items: T[] = [];
  let from = "";
  do {
    const parts = ["limit=100", query, from === "" ? "" : `continue=${encodeURIComponent(from)}`];
    const page = await upstream.readJson<KubernetesList<T>>(`${path}?${parts.filter((part) => part !== "").join("&")}`);
    if (page === null) throw new Error(`${path} does not exist there`);
    items.push(...page.items);
    from = page.metadata.continue ?? "";
  } while (from !== "");
  return items;
}

function toFoundRelease({ metadata, data }: NamedObject & { data?: { release?: string } }): FoundRelease {
  const { name, namespace = "" } = metadata;
  const record = decodeHelmRecord({ name, namespace, release: data?.release });
  const chart = record.chart.metadata;
  return {
    name: record.name,
    namespace: record.namespace,
    chart: chart.name,
    chartVersion: chart.version,
    isStub: chart.annotations?.[stubAnnotation] === "true",
  };
}
