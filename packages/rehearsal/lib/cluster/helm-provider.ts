import { resolve } from "node:path";
import { type HelmRecord } from "../../../../lib/site/helm/records.js";
import { readReleaseHistory, type HelmStorage } from "../helm-storage.js";
import {
  checkRelease,
  toReleaseIdentity,
  toReleaseOutputs,
  readRelease,
  selectReleaseReplacePaths,
} from "../engine/providers/release.js";
import { PartialFailure, type ProviderContext, type ResourceProvider } from "../engine/providers/provider.js";
import { type Properties } from "../engine/values/values.js";
import { runHelm, type HelmClient, type HelmResult } from "../../../../lib/site/helm/command.js";

/**
 * Provider of `kubernetes:helm.sh/v3:Release` that runs a real Helm client, with objects, hooks and history. For
 * throwaway clusters.
 */
export function createHelmProvider(client: HelmClient, storage: HelmStorage): ResourceProvider {
  return {
    check: (inputs, { cwd }) => Promise.resolve(checkRelease(inputs, cwd)),
    selectReplacePaths: selectReleaseReplacePaths,
    planOutputs: (inputs) => inputs,
    create: async (inputs, context) => {
      const { namespace, name } = toReleaseIdentity(inputs);
      return { id: `${namespace}/${name}`, outputs: await deployRelease("install", inputs, context, client, storage) };
    },
    update: async (_id, _olds, inputs, context) => ({
      outputs: await deployRelease("upgrade", inputs, context, client, storage),
    }),
    delete: async (id, _olds, { signal }) => {
      const { namespace = "", name = "" } = /^(?<namespace>[^/]+)\/(?<name>.+)$/.exec(id)?.groups ?? {};
      const args = ["uninstall", name, "--namespace", namespace, "--wait"];
      refuseFailure(await runHelm(client, { arguments: args, signal }));
    },
    read: (id, context) => readRelease(storage, id, context),
  };
}

async function deployRelease(
  verb: "install" | "upgrade",
  inputs: Properties,
  context: ProviderContext,
  client: HelmClient,
  storage: HelmStorage,
): Promise<Properties> {
  const { namespace, name } = toReleaseIdentity(inputs);
  const before = (await readReleaseHistory(storage, namespace, name)).at(-1)?.version ?? 0;
  const result = await runHelm(client, {
    arguments: toHelmArguments(verb, inputs, context.cwd),
    stdin: JSON.stringify(inputs.values ?? {}),
    signal: context.signal,
  });
  const newest = (await readReleaseHistory(storage, namespace, name)).at(-1);
  if (result.exitCode === 0 && newest !== undefined) return toReleaseOutputs(inputs, newest);
  return throwReleaseFailure(inputs, result, verb, newest !== undefined && newest.version > before ? newest : null);
}

/**
 * Returns the command-line arguments. Given values replace the stored ones; without any, Helm keeps the stored ones.
 */
function toHelmArguments(verb: "install" | "upgrade", inputs: Properties, cwd: string): string[] {
  const { namespace, name } = toReleaseIdentity(inputs);
  const chart = typeof inputs.chart === "string" ? inputs.chart : "";
  const given = Object.keys(inputs.values ?? {}).length > 0;
  return [
    verb,
    name,
    resolve(cwd, chart),
    "--namespace",
    namespace,
    ...(given ? ["--values", "-"] : []),
    ...(typeof inputs.description === "string" ? ["--description", inputs.description] : []),
    ...(typeof inputs.timeout === "number" ? ["--timeout", `${inputs.timeout}s`] : []),
    ...(verb === "upgrade" && typeof inputs.maxHistory === "number"
      ? ["--history-max", String(inputs.maxHistory)]
      : []),
    ...(inputs.skipAwait === true ? [] : ["--wait"]),
    ...(inputs.takeOwnership === true ? ["--take-ownership"] : []),
  ];
}

function throwReleaseFailure(
  inputs: Properties,
  result: HelmResult,
  verb: "install" | "upgrade",
  newRevision: HelmRecord | null,
): never {
  const said = formatHelmError(result);
  if (newRevision === null) throw new Error(said);
  const { namespace, name } = toReleaseIdentity(inputs);
  const done = verb === "install" ? "created" : "updated";
  const message = `Helm release "${namespace}/${name}" was ${done}, but failed to initialize completely. Use Helm CLI to investigate: ${said}`;
  throw new PartialFailure(message, `${namespace}/${name}`, toReleaseOutputs(inputs, newRevision));
}

function refuseFailure(result: HelmResult): void {
  if (result.exitCode !== 0) throw new Error(formatHelmError(result));
}

function formatHelmError({ stderr, exitCode }: HelmResult): string {
  const said = stderr
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("WARNING"))
    .join(" ");
  return said === "" ? `helm ended with ${exitCode ?? "a signal"}` : said.replace(/^Error: /, "");
}
