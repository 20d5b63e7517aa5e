import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";

export interface KubeconfigRequest {
  /** Path as configured; null: KUBECONFIG, then the default path, then the pod's own service account. */
  kubeconfig: string | null;
  /** Null: the file's current context. */
  context: string | null;
}

/** The kubeconfig files and context that lead to a cluster. */
export interface KubeconfigLocation {
  /** Files in the order in which they are merged; empty: the service account of the pod this runs in. */
  files: string[];
  context: string | null;
}

const next =
  "Set palette:kubeconfig (or KUBECONFIG) to a readable kubeconfig file of the cluster that Palette runs on.";

/**
 * Finds and checks the kubeconfig without a network, so that a wrong one is reported at once and never mistaken for an
 * unreachable cluster.
 * @throws InvalidInputError `KUBECONFIG_UNREADABLE` naming the file, `KUBECONFIG_CONTEXT` naming the
 * context and those that exist.
 */
export function findKubeconfig(request: KubeconfigRequest, environment: NodeJS.ProcessEnv): KubeconfigLocation {
  const files = findKubeconfigFiles(request, environment);
  const contexts = new Set<string>();
  let current: string | null = null;
  for (const file of files) {
    const content = readKubeconfig(file);
    current ??= content.current;
    for (const name of content.contexts) contexts.add(name);
  }
  const wanted = request.context ?? current;
  if (files.length > 0 && (wanted === null || !contexts.has(wanted))) throw createContextError(wanted, files, contexts);
  return { files, context: request.context };
}

function findKubeconfigFiles(request: KubeconfigRequest, environment: NodeJS.ProcessEnv): string[] {
  if (request.kubeconfig !== null) return [request.kubeconfig];
  const listed = (environment["KUBECONFIG"] ?? "").split(path.delimiter).filter((file) => file !== "");
  if (listed.length > 0) return listed;
  const standard = path.join(environment["HOME"] ?? homedir(), ".kube", "config");
  if (existsSync(standard)) return [standard];
  if (environment["KUBERNETES_SERVICE_HOST"] !== undefined) return [];
  throw new InvalidInputError(
    "KUBECONFIG_UNREADABLE",
    `There is no kubeconfig: none is set and ${standard} does not exist.`,
    {
      next,
    },
  );
}

function readKubeconfig(file: string): { contexts: string[]; current: string | null } {
  const content = parseYamlFile(file) as Record<string, unknown> | null;
  const contexts = content?.["contexts"];
  const current = content?.["current-context"];
  if (!Array.isArray(contexts) || !Array.isArray(content?.["clusters"])) {
    throw createUnreadableError(file, "it holds no clusters and contexts");
  }
  const names = contexts.map((context: unknown) => (context as { name?: unknown } | null)?.name);
  return {
    contexts: names.filter((name) => typeof name === "string"),
    current: typeof current === "string" && current !== "" ? current : null,
  };
}

function parseYamlFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw createUnreadableError(file, getErrorMessage(cause), cause);
  }
  try {
    return parse(text) as unknown;
  } catch (cause) {
    // A YAML error quotes the line at fault, which may hold a token.
    const line = (cause as { linePos?: { line: number }[] }).linePos?.[0]?.line;
    throw createUnreadableError(file, line === undefined ? "it is not YAML" : `it is not YAML (line ${line})`);
  }
}

function createUnreadableError(file: string, why: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError("KUBECONFIG_UNREADABLE", `The kubeconfig ${file} cannot be used: ${why}.`, {
    next,
    cause,
  });
}

function createContextError(wanted: string | null, files: string[], contexts: Set<string>): InvalidInputError {
  const known = [...contexts].sort().join(", ");
  const found = wanted === null ? "names no current context" : `holds no context "${wanted}"`;
  return new InvalidInputError(
    "KUBECONFIG_CONTEXT",
    `The kubeconfig ${files.join(", ")} ${found}; it holds: ${known || "none"}.`,
    {
      next: "Set palette:context to one of them.",
    },
  );
}
