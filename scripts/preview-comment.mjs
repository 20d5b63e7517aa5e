// Posts previews as comments of a pull request on GitHub, one for each stack, edited in place: `node
// scripts/preview-comment.mjs FOLDER`. FOLDER holds `<stack>.md`, what `preview --output markdown` printed, and beside it
// `<stack>.exit`, what it ended with, or `not run`. Needs no installed package, and runs nothing of what it posts.
// On GitLab: scripts/comment-merge-requests.mjs.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommentError, pages, put, request, runScript, sending } from "./comment-api.mjs";
import { bodyOf, markerOf } from "./comment-body.mjs";

async function main(folder, environment) {
  if (folder === undefined)
    throw new CommentError("Say which folder holds what was found: preview-comment.mjs FOLDER.");
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, PREVIEW_RUN_ID: runId } = environment;
  const run = runId ? `${server}/${repository}/actions/runs/${runId}` : "";
  const host = await github(environment);
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

await runScript(() => main(process.argv[2], process.env));
