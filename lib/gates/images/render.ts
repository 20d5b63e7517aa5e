import { resolve } from "node:path";
import { stringify } from "yaml";
import { checkHelm, runHelm } from "../../site/helm/command.js";

/** One chart to be rendered as an upgrade would. */
export interface RenderRequest {
  release: string;
  namespace: string;
  /** Of the chart, relative to the program. */
  chart: string;
  /** Secret. */
  values: Record<string, unknown>;
  /** `v1.31.2`, as the cluster reports it. */
  kubernetesVersion: string;
  signal: AbortSignal;
}

/** Renders charts on this machine, without a cluster. */
export interface Renderer {
  /** @throws InvalidInputError `HELM_MISSING`, RefusedError `HELM_OLD`. */
  check(): Promise<string>;
  /** Returns the manifests, hooks included. @throws RenderError whose message contains none of the values. */
  render(request: RenderRequest): Promise<string>;
}

export class RenderError extends Error {
  override readonly name = "RenderError";
}

/** Creates a renderer of the Helm on PATH. Values go to standard input: never into an argument or a file. */
export function createHelmRenderer(environment: NodeJS.ProcessEnv = process.env): Renderer {
  const program = "helm";
  // Helm gets no secret of this process and no kubeconfig, as it needs no cluster.
  const kept = Object.fromEntries(
    Object.entries(environment).filter(([name]) => /^(PATH|HOME|TMPDIR|LANG)$/.test(name)),
  );
  return {
    check: () => checkHelm(program, kept),
    async render({ release, namespace, chart, values, kubernetesVersion, signal }) {
      const chartPath = resolve(chart);
      const version = ["--kube-version", kubernetesVersion.split(/[+-]/, 1)[0]!];
      const args = [
        "template",
        release,
        chartPath,
        "--namespace",
        namespace,
        "--is-upgrade",
        ...version,
        "--values",
        "-",
      ];
      const client = { program, kubeconfig: "", environment: kept };
      const result = await runHelm(client, { arguments: args, stdin: stringify(values), signal });
      signal.throwIfAborted();
      if (result.exitCode === 0) return result.stdout;
      throw new RenderError(
        `helm template ${chart} ended with ${result.exitCode}${describeErrorLocation(result.stderr)}.`,
      );
    },
  };
}

/** Describes where rendering failed: Helm repeats values in its errors, so only the template it names is passed on. */
function describeErrorLocation(stderr: string): string {
  const location = /\(?([\w.-]{1,253}\/templates\/[\w./-]+(?::\d+)*)/.exec(stderr)?.[1];
  return location === undefined ? "" : ` at ${location}`;
}
