import { spawn } from "node:child_process";
import { InvalidInputError } from "../../base/errors/errors.js";

/** A credential plugin of a kubeconfig (client.authentication.k8s.io). */
export interface ExecPlugin {
  /** File and key, for errors. */
  where: string;
  apiVersion: string;
  /** Absolute. */
  command: string;
  arguments: readonly string[];
  environment: NodeJS.ProcessEnv;
  /** The cluster, for a plugin that asks for it; else null. */
  clusterInfo: Record<string, unknown> | null;
}

/** What a plugin answers. Secret. */
export interface ExecCredential {
  token: string | null;
  certificate: string | null;
  key: string | null;
  /** Milliseconds since 1970; null: good as long as this process runs. */
  expiresAt: number | null;
}

const timeoutSeconds = 60;
const mostBytes = 1_000_000;
const apiVersions: readonly string[] = [
  "client.authentication.k8s.io/v1",
  "client.authentication.k8s.io/v1beta1",
  "client.authentication.k8s.io/v1alpha1",
];

/**
 * Runs a credential plugin, without a terminal. Its output is not repeated; of what it writes to standard error the last
 * line is.
 * @throws InvalidInputError `KUBECONFIG_PLUGIN` naming file and key.
 */
export async function runExecPlugin(plugin: ExecPlugin): Promise<ExecCredential> {
  if (!apiVersions.includes(plugin.apiVersion))
    throw createPluginError(plugin, `has apiVersion "${plugin.apiVersion}"; expected ${apiVersions[0]} or v1beta1`);
  const { exitCode, stdout, stderr, fault } = await runPlugin(plugin);
  if (fault !== null) throw createPluginError(plugin, `names ${plugin.command}, which ${fault}`);
  if (exitCode !== 0)
    throw createPluginError(plugin, `names ${plugin.command}, which ended with ${exitCode}${describeLastLine(stderr)}`);
  return parseCredential(plugin, stdout);
}

function runPlugin(plugin: ExecPlugin): Promise<{
  exitCode: number | null;
  stdout: string;
  stderr: string;
  fault: string | null;
}> {
  const info = {
    apiVersion: plugin.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, ...(plugin.clusterInfo && { cluster: plugin.clusterInfo }) },
  };
  const kept = Object.entries(plugin.environment).filter(([name]) => !/^(PULUMI|PALETTE)_/.test(name));
  return new Promise((resolve) => {
    const child = spawn(plugin.command, [...plugin.arguments], {
      env: { ...Object.fromEntries(kept), KUBERNETES_EXEC_INFO: JSON.stringify(info) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    let fault: string | null = null;
    const timer = setTimeout(() => {
      fault = `did not answer within ${timeoutSeconds} s`;
      child.kill("SIGKILL");
    }, timeoutSeconds * 1000);
    const end = (exitCode: number | null): void => {
      clearTimeout(timer);
      resolve({ exitCode, stdout, stderr, fault });
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout = (stdout + text).slice(0, mostBytes)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-2000)));
    child.on("error", (error: NodeJS.ErrnoException) => {
      fault = `could not be started (${error.code ?? error.name})`;
      end(null);
    });
    child.on("close", end);
  });
}

function parseCredential(plugin: ExecPlugin, text: string): ExecCredential {
  const status = (parseJson(text) as { status?: Partial<Record<string, unknown>> } | null)?.status;
  const read = (key: string): string | null => {
    const value = status?.[key];
    return typeof value === "string" && value !== "" ? value : null;
  };
  const [token, certificate, key] = [read("token"), read("clientCertificateData"), read("clientKeyData")];
  if (token === null && (certificate === null || key === null))
    throw createPluginError(
      plugin,
      `names ${plugin.command}, which answered no ExecCredential with a token or certificate`,
    );
  const expires = Date.parse(read("expirationTimestamp") ?? "");
  return { token, certificate, key, expiresAt: Number.isNaN(expires) ? null : expires };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function describeLastLine(stderr: string): string {
  const line =
    stderr
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/[^\x20-\x7e]+/g, " ")
      .trim()
      .slice(0, 300) ?? "";
  return line === "" ? "" : `: ${line.replace(/\.$/, "")}`;
}

function createPluginError(plugin: ExecPlugin, what: string): InvalidInputError {
  return new InvalidInputError("KUBECONFIG_PLUGIN", `${plugin.where.replace(/\.command$/, "")} ${what}.`, {
    next: "Run kubectl cluster-info with the same kubeconfig; log in anew where the plugin asks for it.",
  });
}
