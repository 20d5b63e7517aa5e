import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import { rehearsalVariable } from "../../../../../lib/program/rehearsal/variables.js";
import { getErrorMessage, InvalidInputError, RefusedError } from "../../../../../lib/base/errors/errors.js";
import { parseYaml } from "../../../../../lib/base/text/parse-yaml.js";
import { formatHelmSecretName, type HelmStorage } from "../../helm-storage.js";
import { createSiteClock } from "../../../../../lib/program/rehearsal/site-clock.js";
import { type ProviderContext } from "./provider.js";

const kubeconfigSchema = z.object({
  "current-context": z.string().optional(),
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string().optional() }) }),
  ),
  clusters: z.array(z.object({ name: z.string(), cluster: z.object({ server: z.string() }) })),
  users: z.array(z.object({ name: z.string(), user: z.object({ token: z.string().optional() }).nullish() })).optional(),
});
const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Finds the API of the simulated site in the kubeconfig of the program's provider (a path, or its content). Throws
 * `NOT_SIMULATED` for any address that is not plain HTTP on loopback: this engine changes no real release.
 */
export function connectSimulatedCluster({ configuration, environment, cwd }: ProviderContext): HelmStorage {
  const stated = typeof configuration.kubeconfig === "string" ? configuration.kubeconfig : environment.KUBECONFIG;
  if (stated === undefined || stated === "") {
    throw new InvalidInputError("KUBECONFIG_UNREADABLE", "The Kubernetes provider of the program names no kubeconfig.");
  }
  const file = parseKubeconfig(stated, cwd);
  const name = typeof configuration.context === "string" ? configuration.context : file["current-context"];
  const context = file.contexts.find((entry) => entry.name === name)?.context;
  const server = file.clusters.find((entry) => entry.name === context?.cluster)?.cluster.server;
  if (server === undefined)
    throw new InvalidInputError(
      "KUBECONFIG_CONTEXT",
      `The kubeconfig holds no context "${name ?? ""}" with a cluster.`,
    );
  const url = new URL(server);
  if (url.protocol !== "http:" || !loopback.has(url.hostname)) {
    throw new RefusedError(
      "NOT_SIMULATED",
      `The embedded engine moves releases of the simulated site only; ${url.host} is not it.`,
      {
        next: "Use the real engine for a real cluster.",
      },
    );
  }
  const token = file.users?.find((entry) => entry.name === context?.user)?.user?.token;
  return { url: server, token };
}

/** Parses a kubeconfig, given as a path or as its content. */
function parseKubeconfig(stated: string, cwd: string): z.infer<typeof kubeconfigSchema> {
  const file = stated.includes("\n") ? null : resolve(cwd, stated);
  try {
    return kubeconfigSchema.parse(parseYaml(file === null ? stated : readFileSync(file, "utf8"), "it"));
  } catch (error) {
    throw new InvalidInputError(
      "KUBECONFIG_UNREADABLE",
      `The kubeconfig ${file ?? "of the provider"} cannot be read: ${getErrorMessage(error)}.`,
    );
  }
}

/** Reads the site's time, ISO 8601; the machine's time where no site is configured. */
export async function readSiteTime({ environment }: ProviderContext): Promise<string> {
  const base = environment[rehearsalVariable];
  return (base === undefined ? new Date() : await createSiteClock(base).now()).toISOString();
}

/** Rolls the management plane to a version, as the chart's upgrade would. Throws what the API says when it refuses. */
export function patchManagementPlane(storage: HelmStorage, version: string): Promise<void> {
  const labels = { "app.kubernetes.io/version": version };
  const body = { metadata: { labels }, spec: { template: { metadata: { labels } } } };
  return send(storage, "PATCH", "/apis/apps/v1/namespaces/hubble-system/deployments/mgmt", body);
}

/** Deletes one revision of a release. */
export function deleteRevision(storage: HelmStorage, namespace: string, name: string, revision: number): Promise<void> {
  return send(storage, "DELETE", `/api/v1/namespaces/${namespace}/secrets/${formatHelmSecretName(name, revision)}`);
}

async function send(storage: HelmStorage, method: string, path: string, body?: unknown): Promise<void> {
  const response = await fetch(new URL(path, storage.url), {
    method,
    headers: {
      accept: "application/json",
      ...(storage.token === undefined ? {} : { authorization: `Bearer ${storage.token}` }),
      ...(body === undefined ? {} : { "content-type": "application/strategic-merge-patch+json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.ok) return;
  throw new Error(`${method} ${path}: ${parseStatusMessage(text) ?? `${response.status}`}`);
}

/** Returns the message of a Kubernetes Status; null for any other body. */
function parseStatusMessage(body: string): string | null {
  try {
    return (JSON.parse(body) as { message?: string } | null)?.message ?? null;
  } catch {
    return null;
  }
}
