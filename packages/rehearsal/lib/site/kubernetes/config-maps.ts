import { computeUid } from "./workloads.js";
import { type SiteModel } from "../model.js";
import { createAnswer, type RouteRequest, type RouteResult } from "../routes.js";
import { createStatus } from "./status.js";

/** Handles GET, POST and PUT of single ConfigMaps, which acts write and gates read. */
export function handleConfigMapRequest(
  model: SiteModel,
  request: RouteRequest,
  { namespace, name }: { namespace: string | null; name: string | null },
): RouteResult {
  const maps = model.configMaps ?? {};
  if (namespace === null) return createStatus(405, "MethodNotAllowed", "ConfigMaps are asked for in a namespace");
  const input = request.method === "GET" ? null : parseBody(request.body);
  const wanted = name ?? input?.name ?? "";
  const key = `${namespace}/${wanted}`;
  const known = maps[key];
  const missing = createStatus(404, "NotFound", `configmaps "${wanted}" not found`);
  if (request.method === "GET")
    return known === undefined ? missing : createAnswer(toConfigMap(namespace, wanted, known));
  if (input === null) return createStatus(400, "BadRequest", "the body is no ConfigMap");
  if (request.method === "PUT" && known === undefined) return missing;
  if (request.method === "POST" && known !== undefined)
    return createStatus(409, "AlreadyExists", `configmaps "${wanted}" already exists`);
  if (request.method !== "PUT" && request.method !== "POST")
    return createStatus(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  const body = toConfigMap(namespace, wanted, input.data);
  const written = { ...model, configMaps: { ...maps, [key]: input.data } };
  return { answer: { status: request.method === "POST" ? 201 : 200, body }, model: written };
}

function parseBody(body: Buffer): { name: string; data: Record<string, string> } | null {
  try {
    const { metadata, data } = JSON.parse(body.toString("utf8")) as {
      metadata?: { name?: string };
      data?: Record<string, string>;
    };
    return metadata?.name === undefined ? null : { name: metadata.name, data: data ?? {} };
  } catch {
    return null;
  }
}

function toConfigMap(namespace: string, name: string, data: Record<string, string>): unknown {
  const metadata = { name, namespace, uid: computeUid(`configmap/${namespace}/${name}`) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data };
}
