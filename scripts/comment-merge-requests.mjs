// Posts previews as comments of the open merge requests of a GitLab project, one for each stack, edited in place. Runs in a
// scheduled pipeline of the protected default branch, so that nobody who pushes another branch reaches the token; takes what
// the jobs `palette-preview: [STACK]` of the merge requests' own pipelines have kept, and runs nothing of it. Needs no
// installed package.
import { CommentError, pages, put, request, requestText, runScript, sending } from "./comment-api.mjs";
import { bodyOf, markerOf } from "./comment-body.mjs";

const ended = new Set(["success", "failed", "canceled"]);
const largestFile = 1_000_000;
const mostStacks = 20;

async function main(environment) {
  const { CI_API_V4_URL: api, CI_PROJECT_ID: id, CI_COMMIT_REF_PROTECTED: isProtected } = environment;
  const { PALETTE_COMMENT_TOKEN: token = "" } = environment;
  if (isProtected !== "true")
    throw new CommentError(
      "This pipeline is of no protected branch: whoever may push one would reach PALETTE_COMMENT_TOKEN. Run this in a scheduled pipeline of the default branch, protect that branch, and mark the variable as protected.",
    );
  if (token === "")
    throw new CommentError("PALETTE_COMMENT_TOKEN is not set: add it as a masked and protected variable.");
  const project = { base: `${api}/projects/${id}`, api, id: Number(id), headers: { "private-token": token } };
  const { id: self } = await request(`${api}/user`, project);
  for await (const merge of pages(`${project.base}/merge_requests?state=opened`, project.headers, (one) => one)) {
    // A fork's pipeline runs in the fork's project.
    if (merge.source_project_id === project.id) await comment(project, self, merge);
  }
}

async function comment(project, self, merge) {
  const pipeline = await findPipeline(project, merge);
  if (pipeline === null) return;
  const host = openNotes(project, self, merge.iid);
  for (const { job, stack } of await findPreviews(project, pipeline)) {
    const read = async (ending) => (await readArtifact(project, job, `found/${stack}${ending}`)) ?? "";
    const [text, exit] = [await read(".md"), await read(".exit")];
    const about = { stack, text, exit, run: pipeline.web_url, commit: merge.sha, isFork: false, isCalm: true };
    await put(host, markerOf(stack), bodyOf(about));
  }
}

/** Null where the newest one is not of the commit that the branch is at: a newer one comes. */
async function findPipeline({ base, headers }, { iid, sha }) {
  const list = await request(`${base}/merge_requests/${iid}/pipelines`, { headers });
  const ref = `refs/merge-requests/${iid}`;
  const newest = list.find((one) => one.ref === `${ref}/head` || one.ref === `${ref}/merge`);
  if (newest === undefined) return null;
  if (newest.ref === `${ref}/head`) return newest.sha === sha ? newest : null;
  // Of merged results: its commit is the merge's own.
  const { parent_ids: parents } = await request(`${base}/repository/commits/${newest.sha}`, { headers });
  return parents.includes(sha) ? newest : null;
}

async function findPreviews({ base, headers }, pipeline) {
  const jobs = await request(`${base}/pipelines/${pipeline.id}/jobs?per_page=100`, { headers });
  const previews = jobs.flatMap(({ id: job, name, status }) => {
    const stack = /^palette-preview: \[([A-Za-z0-9_.-]{1,100})\]$/.exec(name)?.[1];
    return stack !== undefined && ended.has(status) ? [{ job, stack }] : [];
  });
  return previews.sort((one, other) => (one.stack < other.stack ? -1 : 1)).slice(0, mostStacks);
}

function readArtifact({ base, headers }, job, path) {
  return requestText(`${base}/jobs/${job}/artifacts/${path}`, headers, largestFile);
}

function openNotes({ base, headers }, self, iid) {
  const notes = `${base}/merge_requests/${iid}/notes`;
  return {
    comments: () =>
      pages(notes, headers, ({ id, body, author }) => ({ id, body: body ?? "", own: author?.id === self })),
    edit: (id, body) => request(`${notes}/${id}`, sending("PUT", headers, body)),
    add: (body) => request(notes, sending("POST", headers, body)),
  };
}

await runScript(() => main(process.env));
