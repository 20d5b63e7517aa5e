import type { SiteModel, SiteTime } from "./model.js";

/** One HTTP request without its socket, as routes receive it. */
export interface RouteRequest {
  method: string;
  /** Path without query, decoded into its parts. */
  parts: string[];
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface RouteAnswer {
  status: number;
  /** A string is sent as plain text. */
  body: unknown;
  headers?: Record<string, string>;
}

/** Result of a route: the answer, and the model if the request changed it. */
export interface RouteResult {
  answer: RouteAnswer;
  model?: SiteModel;
}

export type Route = (model: SiteModel, now: SiteTime, request: RouteRequest) => RouteResult;

/** Creates a result that does not change the model. */
export function createAnswer(body: unknown, status = 200): RouteResult {
  return { answer: { status, body } };
}
