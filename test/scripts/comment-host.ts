import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface StoredComment {
  id: number;
  body: string;
  author: string;
}

/** A stand-in for the comments of one pull request 7 (GitHub) or merge request 7 (GitLab), on loopback. */
export interface CommentHost {
  url: string;
  comments: StoredComment[];
  /** The commit that the pull request's branch is at. */
  head: string;
  /** `METHOD path` of what was written. */
  writes: string[];
  /** Answers everything with this status while it is set. */
  status: number | null;
  stop(): Promise<void>;
}

export const headSha = "0123456789abcdef0123456789abcdef01234567";
export const bot = "github-actions[bot]";
export const token = "a-token-that-nobody-may-see";

export async function commentHost(kind: "github" | "gitlab", headRepository = "acme/infra"): Promise<CommentHost> {
  const host: CommentHost = {
    url: "",
    comments: [],
    head: headSha,
    writes: [],
    status: null,
    stop: () => Promise.resolve(),
  };
  const show = ({ id, body, author }: StoredComment): object =>
    kind === "github"
      ? { id, body, user: { login: author, type: author.endsWith("[bot]") ? "Bot" : "User" } }
      : { id, body, author: { id: author } };
  const server = createServer((request, response) => {
    void readBody(request).then((sent) => {
      const answer = (status: number, body: unknown): void => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      };
      const url = new URL(request.url!, "http://host");
      const authorized =
        request.headers.authorization === `Bearer ${token}` || request.headers["private-token"] === token;
      if (host.status !== null) return answer(host.status, { message: "as ordered" });
      if (!authorized) return answer(401, { message: "who are you?" });
      if (url.pathname === "/user") return answer(200, { id: bot });
      const pull = { number: 7, head: { sha: host.head, repo: { full_name: headRepository } } };
      if (url.pathname === "/repos/acme/infra/pulls")
        return answer(200, url.searchParams.get("head") === "acme:topic" ? [pull] : []);
      if (url.pathname === "/projects/42/merge_requests/7") return answer(200, { iid: 7, sha: host.head });
      const list = kind === "github" ? "/repos/acme/infra/issues/7/comments" : "/projects/42/merge_requests/7/notes";
      const one = kind === "github" ? "/repos/acme/infra/issues/comments/" : `${list}/`;
      if (request.method === "GET" && url.pathname === list) {
        const page = Number(url.searchParams.get("page"));
        return answer(200, host.comments.slice((page - 1) * 100, page * 100).map(show));
      }
      host.writes.push(`${request.method} ${url.pathname}`);
      if (request.method === "POST" && url.pathname === list) {
        host.comments.push({ id: host.comments.length + 1, body: sent, author: bot });
        return answer(201, {});
      }
      const found = host.comments.find(({ id }) => url.pathname === `${one}${id}`);
      if (found === undefined || request.method !== (kind === "github" ? "PATCH" : "PUT")) return answer(404, {});
      found.body = sent;
      return answer(200, {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  host.stop = () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections());
  return host;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? "" : (JSON.parse(text) as { body: string }).body;
}
