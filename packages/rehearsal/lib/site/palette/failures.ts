import { createAnswer, type RouteResult } from "../routes.js";

/** Creates an error answer in the format of the Palette API. */
export function createFailure(code: number, name: string, message: string): RouteResult {
  return createAnswer({ code: name, message, details: null, ref: "rehearsal" }, code);
}

export function createNotFound(): RouteResult {
  return createFailure(404, "ResourceNotFound", "there is no such object");
}
