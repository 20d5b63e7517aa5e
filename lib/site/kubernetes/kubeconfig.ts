import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { InvalidInputError } from "../../base/errors/errors.js";
import { createUnreadableError, kubeconfigAdvice, mergeKubeconfigs, type MergedKubeconfig } from "./kubeconfig-file.js";

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
  /** Their content; absent without files. */
  merged?: MergedKubeconfig;
}

/**
 * Finds, reads and merges the kubeconfig as kubectl does, without a network, so that a wrong one is reported at once and
 * never mistaken for an unreachable cluster: the configured file must exist; in a list in KUBECONFIG, absent and empty
 * files are left out.
 * @throws InvalidInputError `KUBECONFIG_UNREADABLE` naming the file, `KUBECONFIG_CONTEXT` naming the
 * context and those that exist.
 */
export function findKubeconfig(request: KubeconfigRequest, environment: NodeJS.ProcessEnv): KubeconfigLocation {
  const { files, skipMissing } = findKubeconfigFiles(request, environment);
  if (files.length === 0) return { files, context: request.context };
  const merged = mergeKubeconfigs(files, skipMissing);
  if (merged.contexts.size === 0) throw createUnreadableError(files.join(", "), "it holds no clusters and contexts");
  const wanted = request.context ?? merged.currentContext;
  if (wanted === null || !merged.contexts.has(wanted)) throw createContextError(wanted, files, merged);
  return { files, context: request.context, merged };
}

function findKubeconfigFiles(
  request: KubeconfigRequest,
  environment: NodeJS.ProcessEnv,
): { files: string[]; skipMissing: boolean } {
  if (request.kubeconfig !== null) return { files: [request.kubeconfig], skipMissing: false };
  const listed = (environment["KUBECONFIG"] ?? "").split(path.delimiter).filter((file) => file !== "");
  if (listed.length > 0) return { files: [...new Set(listed)], skipMissing: listed.length > 1 };
  const standard = path.join(environment["HOME"] ?? homedir(), ".kube", "config");
  if (existsSync(standard)) return { files: [standard], skipMissing: false };
  if (environment["KUBERNETES_SERVICE_HOST"] !== undefined) return { files: [], skipMissing: false };
  throw new InvalidInputError(
    "KUBECONFIG_UNREADABLE",
    `There is no kubeconfig: none is set and ${standard} does not exist.`,
    { next: kubeconfigAdvice },
  );
}

function createContextError(wanted: string | null, files: string[], { contexts }: MergedKubeconfig): InvalidInputError {
  const known = [...contexts.keys()].sort().join(", ");
  const found = wanted === null ? "names no current context" : `holds no context "${wanted}"`;
  return new InvalidInputError(
    "KUBECONFIG_CONTEXT",
    `The kubeconfig ${files.join(", ")} ${found}; it holds: ${known || "none"}.`,
    {
      next: "Set palette:kubernetes.context to one of them.",
    },
  );
}
