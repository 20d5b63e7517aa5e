import type { SiteModel, SiteTime } from "./model.js";

/** One request as the routes see it: no sockets. */
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

/** What a route does: an answer, and the model where the request changed it. */
export interface RouteResult {
  answer: RouteAnswer;
  model?: SiteModel;
}

export type Route = (model: SiteModel, now: SiteTime, request: RouteRequest) => RouteResult;

/** A result that only answers. */
export function answered(body: unknown, status = 200): RouteResult {
  return { answer: { status, body } };
}
