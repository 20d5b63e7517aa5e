import { resolve } from "node:path";
import { stringify } from "yaml";
import { checkHelm, runHelm } from "../../site/helm-command.js";

/** One chart to be rendered as an upgrade would. */
export interface RenderRequest {
  release: string;
  namespace: string;
  /** Of the chart, relative to the program. */
  chart: string;
  /** Secret. */
  values: Record<string, unknown>;
  /** `v1.31.2`, as the cluster tells it. */
  kubernetesVersion: string;
  signal: AbortSignal;
}

/** Renders charts on this machine, without a cluster. */
export interface Renderer {
  /** @throws InvalidInputError `HELM_MISSING`, RefusedError `HELM_OLD`. */
  check(): Promise<string>;
  /** The manifests, hooks among them. @throws RenderError whose message holds nothing of the values. */
  render(request: RenderRequest): Promise<string>;
}

export class RenderError extends Error {
  override readonly name = "RenderError";
}

/** The Helm on PATH. Values go to it on standard input: never as an argument, never into a file. */
export function helmRenderer(environment: NodeJS.ProcessEnv = process.env): Renderer {
  const program = "helm";
  // Nothing secret that this process has is handed on; and no kubeconfig, for nothing is to be asked of a cluster.
  const kept = Object.fromEntries(
    Object.entries(environment).filter(([name]) => /^(PATH|HOME|TMPDIR|LANG)$/.test(name)),
  );
  return {
    check: () => checkHelm(program, kept),
    async render({ release, namespace, chart, values, kubernetesVersion, signal }) {
      const place = resolve(chart);
      const version = ["--kube-version", kubernetesVersion.replace(/[+-].*$/, "")];
      const args = ["template", release, place, "--namespace", namespace, "--is-upgrade", ...version, "--values", "-"];
      const client = { program, kubeconfig: "", environment: kept };
      const result = await runHelm(client, { arguments: args, stdin: stringify(values), signal });
      signal.throwIfAborted();
      if (result.exitCode === 0) return result.stdout;
      throw new RenderError(`helm template ${chart} ended with ${result.exitCode}${whereIn(result.stderr)}.`);
    },
  };
}

/** Helm repeats values in its errors: only the place it names is passed on. */
function whereIn(stderr: string): string {
  const place = /\(?([\w.-]+\/templates\/[\w./-]+(?::\d+)*)/.exec(stderr)?.[1];
  return place === undefined ? "" : ` at ${place}`;
}
