import { createAnswer, type RouteResult } from "../routes.js";

/** Creates the Status answer with which the API refuses a request. */
export function createStatus(code: number, reason: string, message: string): RouteResult {
  return createAnswer(
    { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code },
    code,
  );
}
