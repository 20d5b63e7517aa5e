import { answered, type RouteResult } from "./routes.js";

/** An error as the Palette API words it. */
export function failure(code: number, name: string, message: string): RouteResult {
  return answered({ code: name, message, details: null, ref: "rehearsal" }, code);
}

export function notFound(): RouteResult {
  return failure(404, "ResourceNotFound", "there is no such object");
}
