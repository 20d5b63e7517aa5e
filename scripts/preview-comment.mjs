// Posts previews as comments of a pull or merge request, one for each stack, edited in place: `node
// scripts/preview-comment.mjs FOLDER`. FOLDER holds `<stack>.md`, what `preview --output markdown` printed, and beside it
// `<stack>.exit`, what it ended with. Needs no installed package, and runs nothing of what it posts.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const limit = 60_000;

/** The first line of a stack's comment, as lib/report/preview-markdown.ts writes it. */
export function markerOf(stack) {
  return `<!-- palette-upgrade preview of ${encodeURIComponent(stack).replaceAll("-", "%2D")} -->`;
}

/** What to post of one stack: the preview as it is, or that there is none, under the stack's marker either way. */
export function bodyOf(stack, text, exitCode, run) {
  const marker = markerOf(stack);
  const preview = text.startsWith(`${marker}\n`) ? text : missing(marker, stack, exitCode, run);
  const cut = `\n\n> **Cut** at ${limit} characters.\n`;
  return preview.length < limit ? preview : preview.slice(0, limit - cut.length - 1) + cut;
}

function missing(marker, stack, exitCode, run) {
  const where = run === "" ? "the log of the run" : `[the log of the run](${run})`;
  return `${marker}\n### ${stack}: no preview\n\n⛔ **The preview itself failed (exit ${exitCode}); see ${where}**\n`;
}

/** Of a fork, everything in it was written by whoever made it. */
export function asOfFork(body) {
  const [marker, ...rest] = body.split("\n");
  const calm = rest
    .join("\n")
    .replace(/[@#!](?=\w)/g, "$&\u200b")
    .replace(/^(\s*)\//gm, "$1\u200b/");
  return `${marker}\n> From a fork: this was written by the code of the pull request itself.\n\n${calm}`;
}

async function main(folder, environment) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, PREVIEW_RUN_ID: runId } = environment;
  const run = environment.CI_PIPELINE_URL ?? (runId ? `${server}/${repository}/actions/runs/${runId}` : "");
  const host = environment.GITLAB_CI ? gitlab(environment) : await github(environment);
  if (host === null) return;
  for (const stack of stacksIn(folder)) {
    const read = (ending) =>
      existsSync(join(folder, stack + ending)) ? readFileSync(join(folder, stack + ending), "utf8") : "";
    const exitCode = /^\d{1,3}$/.exec(read(".exit").trim())?.[0] ?? "unknown";
    const body = bodyOf(stack, read(".md"), exitCode, run);
    await put(host, markerOf(stack), host.isFork ? bodyOf(stack, asOfFork(body), exitCode, run) : body);
  }
}

function stacksIn(folder) {
  const names = readdirSync(folder).flatMap((name) => /^([A-Za-z0-9_.-]{1,100})\.exit$/.exec(name)?.[1] ?? []);
  if (names.length === 0) throw new Error(`${folder} holds no <stack>.exit: the preview did not run.`);
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

function gitlab(environment) {
  const { CI_API_V4_URL: api, CI_PROJECT_ID: project, CI_MERGE_REQUEST_IID: iid } = environment;
  const headers = { "private-token": environment.PALETTE_COMMENT_TOKEN };
  const notes = `${api}/projects/${project}/merge_requests/${iid}/notes`;
  return {
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
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(30_000), redirect: "error" });
  if (!answer.ok) throw new Error(`${options.method ?? "GET"} ${new URL(url).pathname}: ${answer.status}`);
  return answer.json();
}

if (process.argv[1]?.endsWith("preview-comment.mjs")) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error("preview-comment.mjs FOLDER");
  await main(folder, process.env);
}
