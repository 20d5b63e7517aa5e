import { uid } from "./kubernetes-workloads.js";
import { status } from "./kubernetes-routes.js";
import type { SiteModel } from "./model.js";
import { answered, type RouteRequest, type RouteResult } from "./routes.js";

/** GET, POST and PUT of single ConfigMaps: what acts leave for gates to read. */
export function configMapRoute(
  model: SiteModel,
  request: RouteRequest,
  { namespace, name }: { namespace: string | null; name: string | null },
): RouteResult {
  const maps = model.configMaps ?? {};
  if (namespace === null) return status(405, "MethodNotAllowed", "ConfigMaps are asked for in a namespace");
  const input = request.method === "GET" ? null : readBody(request.body);
  const wanted = name ?? input?.name ?? "";
  const key = `${namespace}/${wanted}`;
  const known = maps[key];
  const missing = status(404, "NotFound", `configmaps "${wanted}" not found`);
  if (request.method === "GET") return known === undefined ? missing : answered(objectOf(namespace, wanted, known));
  if (input === null) return status(400, "BadRequest", "the body is no ConfigMap");
  if (request.method === "PUT" && known === undefined) return missing;
  if (request.method === "POST" && known !== undefined)
    return status(409, "AlreadyExists", `configmaps "${wanted}" already exists`);
  if (request.method !== "PUT" && request.method !== "POST")
    return status(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  const body = objectOf(namespace, wanted, input.data);
  const written = { ...model, configMaps: { ...maps, [key]: input.data } };
  return { answer: { status: request.method === "POST" ? 201 : 200, body }, model: written };
}

function readBody(body: Buffer): { name: string; data: Record<string, string> } | null {
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

function objectOf(namespace: string, name: string, data: Record<string, string>): unknown {
  const metadata = { name, namespace, uid: uid(`configmap/${namespace}/${name}`) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data };
}
