import { getErrorMessage } from "../../../../../lib/base/errors/errors.js";
import {
  beginUpgrade,
  finishRevision,
  readReleaseHistory,
  type HelmStorage,
  type ReleaseChange,
} from "../../helm-storage.js";
import type { HelmRecord } from "../../../../../lib/site/helm/records.js";
import { isObject, toSecret, type Properties, type Value } from "../values/values.js";
import { findChart, readChart } from "./chart.js";
import { PartialFailure, type ProviderContext, type ResourceProvider } from "./provider.js";
import { connectSimulatedCluster, deleteRevision, patchManagementPlane, readSiteTime } from "./simulated-cluster.js";

/** `kubernetes:helm.sh/v3:Release` as pulumi-kubernetes does it, on the simulated site: Helm's records, no objects. */
export const releaseType = "kubernetes:helm.sh/v3:Release";

const defaultTimeoutSeconds = 300;
/** What the SDK adds and the provider drops. */
const sdkOnly = ["compat"];
/** The chart whose upgrade rolls out the management plane, which the site may refuse. */
const managementChart = "spectro-mgmt-plane";

export const releaseProvider: ResourceProvider = {
  check: (inputs, { cwd }) => Promise.resolve(checkRelease(inputs, cwd)),
  selectReplacePaths: selectReleaseReplacePaths,
  planOutputs: (inputs) => inputs,
  create: async (inputs, context) => {
    const storage = connectSimulatedCluster(context);
    const { namespace, name } = toReleaseIdentity(inputs);
    if ((await readReleaseHistory(storage, namespace, name)).length > 0)
      throw new Error("cannot re-use a name that is still in use");
    return { id: `${namespace}/${name}`, outputs: await applyRelease(storage, inputs, context, "created") };
  },
  update: async (_id, _olds, inputs, context) => {
    const storage = connectSimulatedCluster(context);
    const { namespace, name } = toReleaseIdentity(inputs);
    if ((await readReleaseHistory(storage, namespace, name)).length === 0)
      throw new Error(`"${name}" has no deployed releases`);
    return { outputs: await applyRelease(storage, inputs, context, "updated") };
  },
  delete: async (id, _olds, context) => {
    const storage = connectSimulatedCluster(context);
    const { namespace, name } = parseId(id);
    for (const record of await readReleaseHistory(storage, namespace, name))
      await deleteRevision(storage, namespace, name, record.version);
  },
  read: (id, context) => readRelease(connectSimulatedCluster(context), id, context),
};

/** Selects the paths whose change needs a new release. */
export function selectReleaseReplacePaths(paths: readonly string[]): string[] {
  return paths.filter((path) => path === "name" || path === "namespace");
}

/** Reads a release from Helm's newest record, for an import; null when there is none. */
export async function readRelease(
  storage: HelmStorage,
  id: string,
  context: ProviderContext,
): Promise<{ inputs: Properties; outputs: Properties } | null> {
  const { namespace, name } = parseId(id);
  const last = (await readReleaseHistory(storage, namespace, name)).at(-1);
  if (last === undefined) return null;
  const { metadata } = last.chart;
  const inputs: Properties = {
    name,
    namespace,
    chart: findChart(metadata, context.cwd),
    version: metadata.version,
    ...(hasValues(last.config) ? { values: toSecret(last.config as Value) } : {}),
  };
  return { inputs, outputs: toReleaseOutputs(inputs, last) };
}

/** Adds the provider's defaults and reports, in previews too, when the chart is missing. */
export function checkRelease(
  inputs: Properties,
  cwd: string,
): { inputs: Properties; failures: { property: string; reason: string }[] } {
  const given = Object.fromEntries(
    Object.entries(inputs).filter(([key, value]) => !isEmpty(value) && !sdkOnly.includes(key)),
  );
  const withDefaults: Properties = {
    ...given,
    namespace: given.namespace ?? "default",
    ...(given.skipAwait === true || inputs.timeout !== undefined ? {} : { timeout: defaultTimeoutSeconds }),
  };
  if (typeof given.name !== "string") {
    return {
      inputs: withDefaults,
      failures: [{ property: "name", reason: "the embedded engine gives no names: state one" }],
    };
  }
  try {
    const chart = readChart(toText(given.chart), cwd);
    return { inputs: { ...withDefaults, version: chart.version }, failures: [] };
  } catch (error) {
    const reason = `${getErrorMessage(error)}; check the chart name and repository configuration.`;
    return {
      inputs: withDefaults,
      failures: [{ property: "chart", reason }],
    };
  }
}

/** Runs one install or upgrade, from its pending revision to its result. */
async function applyRelease(
  storage: HelmStorage,
  inputs: Properties,
  context: ProviderContext,
  done: "created" | "updated",
): Promise<Properties> {
  const identity = toReleaseIdentity(inputs);
  const change = await createReleaseChange(storage, inputs, context);
  const pendingRevision = await beginUpgrade(storage, change);
  try {
    // A first install creates the workloads; there are none to roll out yet.
    if (change.chart.name === managementChart && pendingRevision.record.version > 1)
      await patchManagementPlane(storage, change.chart.version);
  } catch (error) {
    const record = await finishRevision(
      storage,
      pendingRevision,
      { status: "failed", failure: getErrorMessage(error) },
      await readSiteTime(context),
    );
    const id = `${identity.namespace}/${identity.name}`;
    const message = `Helm release "${id}" was ${done}, but failed to initialize completely. Use Helm CLI to investigate: ${getErrorMessage(error)}`;
    throw new PartialFailure(message, id, toReleaseOutputs(inputs, record));
  }
  return toReleaseOutputs(
    inputs,
    await finishRevision(storage, pendingRevision, { status: "deployed" }, await readSiteTime(context)),
  );
}

/** Creates the change to record. Without values of its own, an upgrade keeps the stored ones, as Helm does. */
async function createReleaseChange(
  storage: HelmStorage,
  inputs: Properties,
  context: ProviderContext,
): Promise<ReleaseChange> {
  const { namespace, name } = toReleaseIdentity(inputs);
  const stored = (await readReleaseHistory(storage, namespace, name)).at(-1)?.config ?? {};
  return {
    name,
    namespace,
    chart: readChart(toText(inputs.chart), context.cwd),
    values: isObject(inputs.values) && hasValues(inputs.values) ? inputs.values : stored,
    ...(typeof inputs.description === "string" ? { description: inputs.description } : {}),
    maxHistory: typeof inputs.maxHistory === "number" ? inputs.maxHistory : 0,
    now: await readSiteTime(context),
  };
}

/** Outputs of a release as the provider shows them. */
export function toReleaseOutputs(inputs: Properties, record: HelmRecord): Properties {
  const { name, version, appVersion } = record.chart.metadata;
  const status: Properties = {
    status: record.info.status,
    name: record.name,
    namespace: record.namespace,
    revision: record.version,
    chart: name,
    version,
    appVersion: appVersion ?? "",
  };
  return {
    ...inputs,
    version,
    status,
    ...(hasValues(record.config) ? { values: toSecret(record.config as Value) } : {}),
  };
}

/** Returns namespace and name of a release from its inputs. */
export function toReleaseIdentity(inputs: Properties): { namespace: string; name: string } {
  return { namespace: toText(inputs.namespace), name: toText(inputs.name) };
}

function parseId(id: string): { namespace: string; name: string } {
  const [namespace = "", name = ""] = id.includes("/") ? id.split("/") : ["default", id];
  return { namespace, name };
}

function toText(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

function hasValues(values: Record<string, unknown> | null | undefined): boolean {
  return values !== null && values !== undefined && Object.keys(values).length > 0;
}

function isEmpty(value: Value): boolean {
  return (
    value === null ||
    value === false ||
    value === "" ||
    value === 0 ||
    (isObject(value) && Object.keys(value).length === 0)
  );
}
