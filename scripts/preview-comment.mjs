// Posts previews as comments of a pull or merge request, one for each stack, edited in place: `node
// scripts/preview-comment.mjs FOLDER`. FOLDER holds `<stack>.md`, what `preview --output markdown` printed, and beside it
// `<stack>.exit`, what it ended with, or `not run`. Needs no installed package, and runs nothing of what it posts.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bodyOf, markerOf } from "./comment-body.mjs";

/** What a reader of the log can act on: said without a stack trace. */
class CommentError extends Error {}

async function main(folder, environment) {
  if (folder === undefined)
    throw new CommentError("Say which folder holds what was found: preview-comment.mjs FOLDER.");
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, PREVIEW_RUN_ID: runId } = environment;
  const run = environment.CI_PIPELINE_URL ?? (runId ? `${server}/${repository}/actions/runs/${runId}` : "");
  const host = environment.GITLAB_CI ? await gitlab(environment) : await github(environment);
  if (host === null) return;
  for (const stack of stacksIn(folder, run)) {
    const read = (ending) =>
      existsSync(join(folder, stack + ending)) ? readFileSync(join(folder, stack + ending), "utf8") : "";
    const { commit, isFork } = host;
    await put(host, markerOf(stack), bodyOf({ stack, text: read(".md"), exit: read(".exit"), run, commit, isFork }));
  }
}

function stacksIn(folder, run) {
  const see = run === "" ? "" : `; see ${run}`;
  if (!existsSync(folder))
    throw new CommentError(`There is no folder ${folder}: the preview left nothing to post${see}`);
  const names = readdirSync(folder).flatMap((name) => /^([A-Za-z0-9_.-]{1,100})\.exit$/.exec(name)?.[1] ?? []);
  if (names.length === 0) throw new CommentError(`${folder} holds no <stack>.exit: the preview did not run${see}`);
  return names.sort().slice(0, 20);
}

async function put(host, marker, body) {
  for await (const comment of host.comments()) {
    if (!comment.own || !comment.body.startsWith(marker)) continue;
    if (comment.body !== body) await host.edit(comment.id, body);
    return;
  }
  await host.add(body);
}

/** Null where the head has moved on: a newer run posts. */
async function github(environment) {
  const { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, HEAD_OWNER: owner, HEAD_BRANCH: branch } = environment;
  const headers = { authorization: `Bearer ${environment.GH_TOKEN}`, accept: "application/vnd.github+json" };
  const base = `${api}/repos/${repository}`;
  const head = encodeURIComponent(`${owner}:${branch}`);
  const pulls = await request(`${base}/pulls?state=open&head=${head}`, { headers });
  const pull = pulls.find((one) => one.head.sha === environment.HEAD_SHA);
  if (pull === undefined) return null;
  return {
    commit: pull.head.sha,
    isFork: pull.head.repo?.full_name !== repository,
    comments: () =>
      pages(`${base}/issues/${pull.number}/comments`, headers, ({ id, body, user }) => ({
        id,
        body: body ?? "",
        own: user?.type === "Bot" && user.login === "github-actions[bot]",
      })),
    edit: (id, body) => request(`${base}/issues/comments/${id}`, sending("PATCH", headers, body)),
    add: (body) => request(`${base}/issues/${pull.number}/comments`, sending("POST", headers, body)),
  };
}

/** Null where the head has moved on, as above. */
async function gitlab(environment) {
  const { CI_API_V4_URL: api, CI_PROJECT_ID: project, CI_MERGE_REQUEST_IID: iid } = environment;
  const headers = { "private-token": environment.PALETTE_COMMENT_TOKEN };
  const base = `${api}/projects/${project}/merge_requests/${iid}`;
  const notes = `${base}/notes`;
  // The first is empty but in a pipeline of merged results, where the second is the merge's own.
  const commit = environment.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || environment.CI_COMMIT_SHA;
  if ((await request(base, { headers })).sha !== commit) return null;
  return {
    commit,
    isFork: environment.CI_MERGE_REQUEST_SOURCE_PROJECT_ID !== project,
    comments: async function* () {
      const { id: self } = await request(`${api}/user`, { headers });
      yield* pages(notes, headers, ({ id, body, author }) => ({ id, body: body ?? "", own: author?.id === self }));
    },
    edit: (id, body) => request(`${notes}/${id}`, sending("PUT", headers, body)),
    add: (body) => request(notes, sending("POST", headers, body)),
  };
}

async function* pages(url, headers, read) {
  for (let page = 1; page <= 50; page += 1) {
    const list = await request(`${url}?per_page=100&page=${page}`, { headers });
    yield* list.map(read);
    if (list.length < 100) return;
  }
}

function sending(method, headers, body) {
  return { method, headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify({ body }) };
}

async function request(url, options) {
  const asked = `${options.method ?? "GET"} ${new URL(url).pathname}`;
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(30_000), redirect: "error" }).catch(
    (error) => {
      throw new CommentError(`${asked}: no answer (${error.cause?.code ?? error.name})`);
    },
  );
  if (!answer.ok) throw new CommentError(`${asked}: ${answer.status}`);
  return answer.json();
}

if (process.argv[1]?.endsWith("preview-comment.mjs")) {
  try {
    await main(process.argv[2], process.env);
  } catch (error) {
    if (!(error instanceof CommentError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
