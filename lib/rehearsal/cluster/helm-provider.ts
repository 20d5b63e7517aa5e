import { resolve } from "node:path";
import { type HelmRecord } from "../../site/helm-records.js";
import { releaseHistory, type HelmStorage } from "../helm-storage.js";
import { checkRelease, identityOf, outputsOf, readRelease, replacesOfRelease } from "../engine/providers/release.js";
import { PartialFailure, type ProviderContext, type ResourceProvider } from "../engine/providers/provider.js";
import { type Properties } from "../engine/values.js";
import { runHelm, type HelmClient, type HelmResult } from "../../site/helm-command.js";

/** `kubernetes:helm.sh/v3:Release` done by a real Helm client: objects, hooks, history and all. For throwaway clusters. */
export function helmProvider(client: HelmClient, storage: HelmStorage): ResourceProvider {
  return {
    check: (inputs, { cwd }) => Promise.resolve(checkRelease(inputs, cwd)),
    replaces: replacesOfRelease,
    plannedOutputs: (inputs) => inputs,
    create: async (inputs, context) => {
      const { namespace, name } = identityOf(inputs);
      return { id: `${namespace}/${name}`, outputs: await move("install", inputs, context, client, storage) };
    },
    update: async (_id, _olds, inputs, context) => ({
      outputs: await move("upgrade", inputs, context, client, storage),
    }),
    delete: async (id, _olds, { signal }) => {
      const { namespace = "", name = "" } = /^(?<namespace>[^/]+)\/(?<name>.+)$/.exec(id)?.groups ?? {};
      const args = ["uninstall", name, "--namespace", namespace, "--wait"];
      refuseFailure(await runHelm(client, { arguments: args, signal }));
    },
    read: (id, context) => readRelease(storage, id, context),
  };
}

async function move(
  verb: "install" | "upgrade",
  inputs: Properties,
  context: ProviderContext,
  client: HelmClient,
  storage: HelmStorage,
): Promise<Properties> {
  const { namespace, name } = identityOf(inputs);
  const before = (await releaseHistory(storage, namespace, name)).at(-1)?.version ?? 0;
  const result = await runHelm(client, {
    arguments: argumentsOf(verb, inputs, context.cwd),
    stdin: JSON.stringify(inputs.values ?? {}),
    signal: context.signal,
  });
  const newest = (await releaseHistory(storage, namespace, name)).at(-1);
  if (result.exitCode === 0 && newest !== undefined) return outputsOf(inputs, newest);
  return failed(inputs, result, verb, newest !== undefined && newest.version > before ? newest : null);
}

/** Values that are given replace the stored ones; with none given Helm keeps those. */
function argumentsOf(verb: "install" | "upgrade", inputs: Properties, cwd: string): string[] {
  const { namespace, name } = identityOf(inputs);
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

function failed(inputs: Properties, result: HelmResult, verb: "install" | "upgrade", left: HelmRecord | null): never {
  const said = sayingOf(result);
  if (left === null) throw new Error(said);
  const { namespace, name } = identityOf(inputs);
  const done = verb === "install" ? "created" : "updated";
  const message = `Helm release "${namespace}/${name}" was ${done}, but failed to initialize completely. Use Helm CLI to investigate: ${said}`;
  throw new PartialFailure(message, `${namespace}/${name}`, outputsOf(inputs, left));
}

function refuseFailure(result: HelmResult): void {
  if (result.exitCode !== 0) throw new Error(sayingOf(result));
}

function sayingOf({ stderr, exitCode }: HelmResult): string {
  const said = stderr
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("WARNING"))
    .join(" ");
  return said === "" ? `helm ended with ${exitCode ?? "a signal"}` : said.replace(/^Error: /, "");
}
