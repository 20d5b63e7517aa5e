import { readProtobufSecret } from "./protobuf-secret.js";
import { configMapRoute } from "./config-maps.js";
import { discovery } from "./kubernetes-discovery.js";
import { activeFault, isActive, withUse } from "./faults.js";
import { plainObjects } from "./kubernetes-objects.js";
import { podObjects, workloadObjects } from "./kubernetes-workloads.js";
import type { SiteModel, SiteTime } from "./model.js";
import { answered, type RouteRequest, type RouteResult } from "./routes.js";
import {
  beginRollOut,
  createSecret,
  deleteSecret,
  replaceSecret,
  secretsIn,
  type SecretInput,
  type StoreResult,
} from "./secret-store.js";
import { fitsFields, fitsLabels, type Selectable } from "./selectors.js";

/** The Kubernetes version of the simulated cluster: one that every Palette release of the road runs on. */
export const kubernetesVersion = "v1.27.16";

/** The Kubernetes API of the site: discovery, reads of what the probes look at, writes of Secrets, PATCH of a Deployment. */
export function kubernetesRoute(model: SiteModel, now: SiteTime, request: RouteRequest): RouteResult {
  const path = `/${request.parts.join("/")}`;
  const known = request.method === "GET" ? discovery(path, kubernetesVersion) : null;
  if (known !== null) return answered(known);
  const target = targetOf(request.parts);
  if (target === null) return status(404, "NotFound", "the server could not find the requested resource");
  if (target.resource === "secrets" && request.method !== "GET") return writeSecret(model, now, request, target);
  if (target.group === "" && target.resource === "configmaps") return configMapRoute(model, request, target);
  if (request.method === "PATCH" && target.resource === "deployments") return patchDeployment(model, now, target);
  if (request.method !== "GET")
    return status(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  if (target.subresource === "log") return podLog(model, now, target);
  return read(model, now, request, target);
}

interface Target {
  group: string;
  namespace: string | null;
  resource: string;
  name: string | null;
  subresource: string | null;
}

/** `/api/v1/...` and `/apis/<group>/v1/...`, with and without a namespace. */
function targetOf(parts: string[]): Target | null {
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

function read(model: SiteModel, now: SiteTime, request: RouteRequest, target: Target): RouteResult {
  const all = objectsOf(model, now, target.group, target.resource);
  if (all === null) return status(404, "NotFound", "the server could not find the requested resource");
  const here = all.objects.filter(
    ({ metadata }) => target.namespace === null || metadata.namespace === target.namespace,
  );
  if (target.name !== null) {
    const found = here.find(({ metadata }) => metadata.name === target.name);
    return found ? answered(found) : status(404, "NotFound", `${target.resource} "${target.name}" not found`);
  }
  const fitting = here.filter(
    (object) =>
      fitsLabels(object, request.query.get("labelSelector")) && fitsFields(object, request.query.get("fieldSelector")),
  );
  return answered(page(model, all.kind, all.apiVersion, fitting, request.query));
}

function page(
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

function objectsOf(
  model: SiteModel,
  now: SiteTime,
  group: string,
  resource: string,
): { kind: string; apiVersion: string; objects: Selectable[] } | null {
  const workloadKind = group === "apps" ? workloadKinds[resource] : undefined;
  if (workloadKind)
    return { kind: workloadKind, apiVersion: "apps/v1", objects: workloadObjects(model, workloadKind, now) };
  if (group === "" && resource === "pods") return { kind: "Pod", apiVersion: "v1", objects: podObjects(model, now) };
  if (group === "" && resource === "secrets")
    return { kind: "Secret", apiVersion: "v1", objects: secretsIn(model, null) };
  return plainObjects(model, now, group, resource);
}

const workloadKinds: Record<string, "Deployment" | "StatefulSet" | "DaemonSet"> = {
  deployments: "Deployment",
  statefulsets: "StatefulSet",
  daemonsets: "DaemonSet",
};

function writeSecret(model: SiteModel, now: SiteTime, request: RouteRequest, target: Target): RouteResult {
  const { namespace, name } = target;
  if (namespace === null) return status(405, "MethodNotAllowed", "Secrets are written in a namespace");
  if (request.method === "DELETE" && name !== null) return written(deleteSecret(model, namespace, name), 200);
  const input = readSecret(request);
  if (input === null) return status(415, "UnsupportedMediaType", "this site reads Secrets as JSON or protobuf");
  if (request.method === "POST") return written(createSecret(model, namespace, input, now), 201);
  if (request.method === "PUT") return written(replaceSecret(model, namespace, input, now), 200);
  return status(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
}

/** The one place that reads a Secret's body: JSON, or Kubernetes' protobuf form as the real provider sends it. */
function readSecret(request: RouteRequest): SecretInput | null {
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

function written(result: StoreResult, code: number): RouteResult {
  if ("refused" in result) return status(result.refused.code, result.refused.reason, result.refused.message);
  return { answer: { status: code, body: result.secret }, model: result.model };
}

/** Helm changing the cluster: the roll-out to the newest revision begins, unless the ordered webhook refuses. */
function patchDeployment(model: SiteModel, now: SiteTime, target: Target): RouteResult {
  const deployment = workloadObjects(model, "Deployment", now).find(
    ({ metadata }) => metadata.namespace === target.namespace && metadata.name === target.name,
  );
  if (!deployment) return status(404, "NotFound", `deployments.apps "${target.name}" not found`);
  const refusal = activeFault(model, "release-fails");
  if (refusal !== undefined && refusal.used === 0) {
    const message =
      'Internal error occurred: failed calling webhook "validate.palette.rehearsal.example": failed to call webhook: context deadline exceeded';
    return { ...status(500, "InternalError", message), model: withUse(model, refusal) };
  }
  return { answer: { status: 200, body: deployment }, model: beginRollOut(model, now) };
}

function podLog(model: SiteModel, now: SiteTime, target: Target): RouteResult {
  const pod = podObjects(model, now).find(
    ({ metadata }) => metadata.namespace === target.namespace && metadata.name === target.name,
  );
  if (!pod) return status(404, "NotFound", `pods "${target.name}" not found`);
  if ((pod["status"] as { phase: string }).phase === "Pending") {
    return status(
      400,
      "BadRequest",
      `container in pod "${target.name}" is waiting to start: trying and failing to pull image`,
    );
  }
  const member = target.name?.startsWith("mongo-") && isActive(model, "member-recovering");
  return answered(member ? "We are too stale to use any sync source\n" : "started\nready\n");
}

/** A Status object, as the API refuses with. */
export function status(code: number, reason: string, message: string): RouteResult {
  return answered({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code }, code);
}
