import { RefusedError, messageOf } from "../../errors.js";
import { hubbleChart } from "../../gates/hubble.js";
import { namespacesOf, rulesOf } from "../../plan/rules.js";
import { decodeHelmRecord } from "../../site/helm-records.js";
import { type Version } from "../../version/version.js";
import { standInAnnotation } from "../stand-in-chart.js";
import { type Upstream } from "./upstream.js";

/** A Helm release that the cluster holds. */
export interface FoundRelease {
  name: string;
  namespace: string;
  chart: string;
  chartVersion: string;
  isStandIn: boolean;
}

/** What is looked at before a rehearsal writes to a cluster. */
export interface ClusterContents {
  releases: FoundRelease[];
  namespaces: { name: string; isStandIn: boolean }[];
  customResources: string[];
}

/** Group of the vendor's own custom resources: Palette runs there, or manages the cluster. */
const vendorGroup = /\.spectrocloud\.com$/;
const next =
  "Name a throwaway cluster, made for this and holding nothing else, e.g. by kind or minikube; nothing was written.";

/**
 * Refuses a cluster that holds a real Palette, traces of one, or releases that the stand-ins would meet.
 * @throws RefusedError `CLUSTER_NOT_THROWAWAY` naming what was found.
 */
export function refuseRealPalette(contents: ClusterContents, versions: readonly Version[]): void {
  const found = foreignRelease(contents) ?? foreignNamespace(contents, versions) ?? vendorsResource(contents);
  if (found !== null) throw new RefusedError("CLUSTER_NOT_THROWAWAY", `The cluster ${found}.`, { next });
}

function foreignRelease({ releases }: ClusterContents): string | null {
  const ours = new Set(rulesOf("charts").map(({ name }) => name));
  const foreign = releases.find(
    ({ chart, name, namespace, isStandIn }) =>
      !isStandIn && (chart === hubbleChart || (namespace === "default" && ours.has(name))),
  );
  if (foreign === undefined) return null;
  const { name, namespace, chart, chartVersion } = foreign;
  return `holds Helm release "${name}" of chart ${chart} ${chartVersion} in namespace ${namespace}, which is no stand-in of a rehearsal`;
}

function foreignNamespace({ namespaces }: ClusterContents, versions: readonly Version[]): string | null {
  const palettes = new Set(versions.flatMap(namespacesOf));
  const foreign = namespaces.find(({ name, isStandIn }) => palettes.has(name) && !isStandIn);
  return foreign === undefined ? null : `has a namespace ${foreign.name}, as Palette has, which no rehearsal has made`;
}

function vendorsResource({ customResources }: ClusterContents): string | null {
  const vendors = customResources.find((name) => vendorGroup.test(name));
  return vendors === undefined
    ? null
    : `knows the vendor's custom resource ${vendors}: Palette runs there, or manages it`;
}

interface ListOf<T> {
  items: T[];
  metadata: { continue?: string };
}
interface Named {
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
}

/** Reads what the judgement needs. @throws RefusedError `CLUSTER_UNREADABLE`: what cannot be seen is not taken for empty. */
export async function readContents(upstream: Pick<Upstream, "json">): Promise<ClusterContents> {
  try {
    const query = `labelSelector=${encodeURIComponent("owner=helm")}`;
    const [secrets, namespaces, customResources] = await Promise.all([
      all<Named & { data?: { release?: string } }>(upstream, "/api/v1/secrets", query),
      all<Named>(upstream, "/api/v1/namespaces"),
      all<Named>(upstream, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"),
    ]);
    return {
      releases: secrets.map((secret) => releaseOf(secret)),
      namespaces: namespaces.map(({ metadata }) => ({
        name: metadata.name,
        isStandIn: metadata.labels?.[standInAnnotation] === "true",
      })),
      customResources: customResources.map(({ metadata }) => metadata.name),
    };
  } catch (error) {
    throw new RefusedError("CLUSTER_UNREADABLE", `What the cluster holds cannot be seen: ${messageOf(error)}.`, {
      next: "Give a kubeconfig that may list Secrets, namespaces and custom resources everywhere, as on a cluster of your own.",
      cause: error,
    });
  }
}

async function all<T>(upstream: Pick<Upstream, "json">, path: string, query = ""): Promise<T[]> {
  const items: T[] = [];
  let from = "";
  do {
    const parts = ["limit=100", query, from === "" ? "" : `continue=${encodeURIComponent(from)}`];
    const page = await upstream.json<ListOf<T>>(`${path}?${parts.filter((part) => part !== "").join("&")}`);
    if (page === null) throw new Error(`${path} does not exist there`);
    items.push(...page.items);
    from = page.metadata.continue ?? "";
  } while (from !== "");
  return items;
}

function releaseOf({ metadata, data }: Named & { data?: { release?: string } }): FoundRelease {
  const { name, namespace = "" } = metadata;
  const record = decodeHelmRecord({ name, namespace, release: data?.release });
  const chart = record.chart.metadata;
  return {
    name: record.name,
    namespace: record.namespace,
    chart: chart.name,
    chartVersion: chart.version,
    isStandIn: chart.annotations?.[standInAnnotation] === "true",
  };
}
