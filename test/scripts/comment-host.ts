import { execFile } from "node:child_process";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface StoredComment {
  id: number;
  body: string;
  author: string;
}

/** A job of the merge request's pipeline, with the files among its artifacts. */
export interface StoredJob {
  name: string;
  status: string;
  files: Record<string, string>;
}

/** A stand-in for the comments of one pull request 7 (GitHub) or merge request 7 (GitLab), on loopback. */
export interface CommentHost {
  url: string;
  comments: StoredComment[];
  /** The commit that the pull request's branch is at. */
  head: string;
  /** Of GitLab: the merge request's newest pipeline, its ref below `refs/merge-requests/7/` and its jobs. */
  pipeline: { ref: "head" | "merge"; sha: string; parents: string[]; jobs: StoredJob[] };
  /** Of GitLab: the project that the merge request's branch is in. */
  sourceProject: number;
  /** Of GitLab: whether artifacts lie in an object store that is redirected to. */
  hasStore: boolean;
  /** Of the object store: the tokens that it was sent. */
  storeTokens: (string | undefined)[];
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
    pipeline: { ref: "head", sha: headSha, parents: [], jobs: [] },
    sourceProject: 42,
    hasStore: false,
    storeTokens: [],
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
      if (url.pathname.startsWith("/store/")) {
        host.storeTokens.push(request.headers["private-token"] as string | undefined);
        return answerFile(response, host, url.pathname.slice("/store/".length));
      }
      if (!authorized) return answer(401, { message: "who are you?" });
      if (url.pathname === "/user") return answer(200, { id: bot });
      const pull = { number: 7, head: { sha: host.head, repo: { full_name: headRepository } } };
      if (url.pathname === "/repos/acme/infra/pulls")
        return answer(200, url.searchParams.get("head") === "acme:topic" ? [pull] : []);
      if (kind === "gitlab" && request.method === "GET") {
        const { ref, sha, parents, jobs } = host.pipeline;
        const artifact = /^\/projects\/42\/jobs\/(\d+\/artifacts\/.+)$/.exec(url.pathname)?.[1];
        if (artifact !== undefined && host.hasStore)
          return void response.writeHead(302, { location: `${host.url}/store/${artifact}` }).end();
        if (artifact !== undefined) return answerFile(response, host, artifact);
        const others = Array.from({ length: 120 }, (_, index) => ({
          iid: 1000 + index,
          sha: "0",
          source_project_id: 1,
        }));
        const merges = [...others, { iid: 7, sha: host.head, source_project_id: host.sourceProject }];
        const page = Number(url.searchParams.get("page"));
        const texts: Record<string, unknown> = {
          "/projects/42/merge_requests": merges.slice((page - 1) * 100, page * 100),
          "/projects/42/merge_requests/7/pipelines": [
            { id: 10, ref: "topic", sha: host.head },
            {
              id: 9,
              ref: `refs/merge-requests/7/${ref}`,
              sha,
              web_url: "https://host.example/acme/infra/actions/runs/9",
            },
            { id: 8, ref: "refs/merge-requests/7/head", sha: host.head },
          ],
          [`/projects/42/repository/commits/${sha}`]: { parent_ids: parents },
          "/projects/42/pipelines/9/jobs": jobs.map(({ name, status }, id) => ({ id, name, status })),
        };
        if (url.pathname in texts) return answer(200, texts[url.pathname]);
      }
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

/** Answers with a file of a job: `<job>/artifacts/<path>`. */
function answerFile(response: ServerResponse, host: CommentHost, path: string): void {
  const [job = "", , ...rest] = path.split("/");
  const text = host.pipeline.jobs[Number(job)]?.files[rest.join("/")];
  response.writeHead(text === undefined ? 404 : 200, { "content-type": "text/plain" }).end(text ?? "");
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? "" : (JSON.parse(text) as { body: string }).body;
}

/** Runs a script of this project with nothing but PATH and `environment`. Returns its exit code and all it printed. */
export function runScript(
  name: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<{ code: number; said: string }> {
  const script = join(findPackageRoot(), "scripts", name);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [script, ...args],
      { env: { PATH: process.env.PATH, ...environment } },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), said: out + err }),
    );
  });
}
