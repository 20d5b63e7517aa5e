import https from "node:https";
import { sendHttpRequest } from "../../../lib/base/net/http.js";

/** How a program reaches the API server. */
export interface Access {
  server: string;
  /** PEM text. */
  ca: string;
  token: string;
}

/** An answer of the API server that is not a success. */
export class ApiAnswerError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "ApiAnswerError";
  }
}

export type Patch = "merge" | "strategic" | "json";
const patchTypes: Record<Patch, string> = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
};

/** Plain requests to the API server, for what a test arranges and looks at. */
export class ApiClient {
  readonly #agent: https.Agent;

  constructor(private readonly access: Access) {
    this.#agent = new https.Agent({ keepAlive: false, ca: access.ca });
  }

  get<T>(path: string): Promise<T> {
    return this.#request<T>("GET", path);
  }

  create<T>(path: string, body: unknown): Promise<T> {
    return this.#request<T>("POST", path, body);
  }

  replace<T>(path: string, body: unknown): Promise<T> {
    return this.#request<T>("PUT", path, body);
  }

  patch<T>(path: string, body: unknown, as: Patch = "merge"): Promise<T> {
    return this.#request<T>("PATCH", path, body, patchTypes[as]);
  }

  async delete(path: string): Promise<void> {
    await this.#request("DELETE", path);
  }

  /** Null where the server says that there is no such object. */
  async find<T>(path: string): Promise<T | null> {
    try {
      return await this.get<T>(path);
    } catch (thrown) {
      if (thrown instanceof ApiAnswerError && thrown.status === 404) return null;
      throw thrown;
    }
  }

  /** The text of `/readyz` or `/version`; null while nothing good is answered. */
  async text(path: string): Promise<string | null> {
    const answer = await sendHttpRequest({ url: this.access.server + path, ...this.#common(), maxBytes: 100_000 });
    return answer.status === 200 ? answer.body : null;
  }

  async #request<T>(method: string, path: string, body?: unknown, type = "application/json"): Promise<T> {
    const { headers, ...common } = this.#common();
    const answer = await sendHttpRequest({
      url: this.access.server + path,
      ...common,
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": type }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      maxBytes: 64_000_000,
    });
    const parsed = JSON.parse(answer.body) as T & { message?: string };
    if (answer.status >= 300) {
      throw new ApiAnswerError(answer.status, `${method} ${path}: ${answer.status} ${parsed.message ?? ""}`);
    }
    return parsed;
  }

  #common(): { headers: Record<string, string>; agent: https.Agent } {
    return { headers: { authorization: `Bearer ${this.access.token}` }, agent: this.#agent };
  }
}
