import { handleConfigMapRequest } from "./config-maps.js";
import { findActiveFault, isActive, recordFaultUse } from "../faults.js";
import { getDiscoveryDocument } from "./discovery.js";
import { listPlainObjects } from "./objects.js";
import { listPodObjects, listWorkloadObjects } from "./workloads.js";
import { type SiteModel, type SiteTime } from "../model.js";
import { readProtobufSecret } from "./protobuf-secret.js";
import { createAnswer, type RouteRequest, type RouteResult } from "../routes.js";
import {
  beginRollOut,
  createSecret,
  deleteSecret,
  listSecrets,
  replaceSecret,
  type SecretInput,
  type StoreResult,
} from "./secret-store.js";
import { hasMatchingFields, hasMatchingLabels, type Selectable } from "./selectors.js";
import { createStatus } from "./status.js";

/** The Kubernetes version of the simulated cluster: one that every Palette release of the route supports. */
const kubernetesVersion = "v1.27.16";

/**
 * Handles the Kubernetes API of the site: discovery, reads of what the gates inspect, writes of Secrets, PATCH of a
 * Deployment.
 */
export function handleKubernetesRequest(model: SiteModel, now: SiteTime, request: RouteRequest): RouteResult {
  const path = `/${request.parts.join("/")}`;
  const known = request.method === "GET" ? getDiscoveryDocument(path, kubernetesVersion) : null;
  if (known !== null) return createAnswer(known);
  const target = parseTarget(request.parts);
  if (target === null) return createStatus(404, "NotFound", "the server could not find the requested resource");
  if (target.resource === "secrets" && request.method !== "GET") return writeSecret(model, now, request, target);
  if (target.group === "" && target.resource === "configmaps") return handleConfigMapRequest(model, request, target);
  if (request.method === "PATCH" && target.resource === "deployments") return patchDeployment(model, now, target);
  if (request.method !== "GET")
    return createStatus(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  if (target.subresource === "log") return readPodLog(model, now, target);
  return readObjects(model, now, request, target);
}

interface Target {
  group: string;
  namespace: string | null;
  resource: string;
  name: string | null;
  subresource: string | null;
}

/** Parses `/api/v1/...` and `/apis/<group>/v1/...`, with and without a namespace. */
function parseTarget(parts: string[]): Target | null {
  const core = parts[0] === "api" && parts[1] === "v1";
  if (!core && !(parts[0] === "apis" && parts[2] === "v1")) return null;
  const group = core ? "" : parts[1]!;
  const rest = parts.slice(core ? 2 : 3);
  const inNamespace = rest[0] === "namespaces" && rest.length > 2;
  const [resource, name, subresource] = inNamespace ? rest.slice(2) : rest;
  if (resource === undefined) return null;
  return {
    group,
    namespace: inNamespace ? rest[1]! : null,
    resource,
    name: name ?? null,
    subresource: subresource ?? null,
  };
}

function readObjects(model: SiteModel, now: SiteTime, request: RouteRequest, target: Target): RouteResult {
  const all = listObjects(model, now, target.group, target.resource);
  if (all === null) return createStatus(404, "NotFound", "the server could not find the requested resource");
  const here = all.objects.filter(
    ({ metadata }) => target.namespace === null || metadata.namespace === target.namespace,
  );
  if (target.name !== null) {
    const found = here.find(({ metadata }) => metadata.name === target.name);
    return found ? createAnswer(found) : createStatus(404, "NotFound", `${target.resource} "${target.name}" not found`);
  }
  const fitting = here.filter(
    (object) =>
      hasMatchingLabels(object, request.query.get("labelSelector")) &&
      hasMatchingFields(object, request.query.get("fieldSelector")),
  );
  return createAnswer(createListPage(model, all.kind, all.apiVersion, fitting, request.query));
}

function createListPage(
  model: SiteModel,
  kind: string,
  apiVersion: string,
  objects: Selectable[],
  query: URLSearchParams,
): unknown {
  const from = Number(query.get("continue") ?? 0);
  const limit = Number(query.get("limit") ?? 0);
  const end = limit > 0 ? from + limit : objects.length;
  const more = end < objects.length ? { continue: String(end), remainingItemCount: objects.length - end } : {};
  return {
    kind: `${kind}List`,
    apiVersion,
    metadata: { resourceVersion: String(model.resourceVersion), ...more },
    items: objects.slice(from, end),
  };
}

function listObjects(
  model: SiteModel,
  now: SiteTime,
  group: string,
  resource: string,
): { kind: string; apiVersion: string; objects: Selectable[] } | null {
  const workloadKind = group === "apps" ? workloadKinds[resource] : undefined;
  if (workloadKind)
    return { kind: workloadKind, apiVersion: "apps/v1", objects: listWorkloadObjects(model, workloadKind, now) };
  if (group === "" && resource === "pods")
    return { kind: "Pod", apiVersion: "v1", objects: listPodObjects(model, now) };
  if (group === "" && resource === "secrets")
    return { kind: "Secret", apiVersion: "v1", objects: listSecrets(model, null) };
  return listPlainObjects(model, now, group, resource);
}

const workloadKinds: Record<string, "Deployment" | "StatefulSet" | "DaemonSet"> = {
  deployments: "Deployment",
  statefulsets: "StatefulSet",
  daemonsets: "DaemonSet",
};

function writeSecret(model: SiteModel, now: SiteTime, request: RouteRequest, target: Target): RouteResult {
  const { namespace, name } = target;
  if (namespace === null) return createStatus(405, "MethodNotAllowed", "Secrets are written in a namespace");
  if (request.method === "DELETE" && name !== null) return toWriteResult(deleteSecret(model, namespace, name), 200);
  const input = parseSecret(request);
  if (input === null) return createStatus(415, "UnsupportedMediaType", "this site reads Secrets as JSON or protobuf");
  if (request.method === "POST") return toWriteResult(createSecret(model, namespace, input, now), 201);
  if (request.method === "PUT") return toWriteResult(replaceSecret(model, namespace, input, now), 200);
  return createStatus(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
}

/** Parses a Secret's body: JSON, or Kubernetes' protobuf form as the real provider sends it. */
function parseSecret(request: RouteRequest): SecretInput | null {
  const type = String(request.headers["content-type"] ?? "application/json");
  if (type.includes("protobuf")) return readProtobufSecret(request.body);
  if (!type.startsWith("application/json")) return null;
  try {
    const input = JSON.parse(request.body.toString("utf8")) as Partial<SecretInput> | null;
    return typeof input?.metadata?.name === "string" ? (input as SecretInput) : null;
  } catch {
    return null;
  }
}

function toWriteResult(result: StoreResult, code: number): RouteResult {
  if ("refused" in result) return createStatus(result.refused.code, result.refused.reason, result.refused.message);
  return { answer: { status: code, body: result.secret }, model: result.model };
}

/** Starts the roll-out to the newest revision, as Helm's upgrade would, unless the fault `release-fails` refuses it. */
function patchDeployment(model: SiteModel, now: SiteTime, target: Target): RouteResult {
  const deployment = listWorkloadObjects(model, "Deployment", now).find(
    ({ metadata }) => metadata.namespace === target.namespace && metadata.name === target.name,
  );
  if (!deployment) return createStatus(404, "NotFound", `deployments.apps "${target.name}" not found`);
  const refusal = findActiveFault(model, "release-fails");
  if (refusal !== undefined && refusal.used === 0) {
    const message =
      'Internal error occurred: failed calling webhook "validate.palette.rehearsal.example": failed to call webhook: context deadline exceeded';
    return { ...createStatus(500, "InternalError", message), model: recordFaultUse(model, refusal) };
  }
  return { answer: { status: 200, body: deployment }, model: beginRollOut(model, now) };
}

function readPodLog(model: SiteModel, now: SiteTime, target: Target): RouteResult {
  const pod = listPodObjects(model, now).find(
    ({ metadata }) => metadata.namespace === target.namespace && metadata.name === target.name,
  );
  if (!pod) return createStatus(404, "NotFound", `pods "${target.name}" not found`);
  if ((pod["status"] as { phase: string }).phase === "Pending") {
    return createStatus(
      400,
      "BadRequest",
      `container in pod "${target.name}" is waiting to start: trying and failing to pull image`,
    );
  }
  const member = target.name?.startsWith("mongo-") && isActive(model, "member-recovering");
  return createAnswer(member ? "We are too stale to use any sync source\n" : "started\nready\n");
}
