import assert from "node:assert/strict";
import { createPreviewMarker } from "../../lib/program/preview/render/markdown.js";
import { bot, commentHost, headSha, runScript, token, type CommentHost } from "./comment-host.js";

const prod = `${createPreviewMarker("prod")}\n### prod: 4.6.41 → 4.7.20\n`;
const last = "\nCommit 01234567\n";
const run = "https://host.example/acme/infra/actions/runs/9";
const none = `${createPreviewMarker("prod")}\n### prod: no preview\n\n⛔ **`;

describe("preview comments on gitlab, from a scheduled pipeline", () => {
  let host: CommentHost;
  beforeEach(async () => (host = await commentHost("gitlab")));
  afterEach(async () => host.stop());

  function found(stack: string, text: string | null, exit: string | null = "0", status = "success"): void {
    const files = {
      ...(text === null ? {} : { [`found/${stack}.md`]: text }),
      ...(exit === null ? {} : { [`found/${stack}.exit`]: `${exit}\n` }),
    };
    const name = `palette-preview: [${stack}]`;
    host.pipeline.jobs = [...host.pipeline.jobs.filter((job) => job.name !== name), { name, status, files }];
  }

  function post(over: Record<string, string> = {}): Promise<{ code: number; said: string }> {
    const environment = {
      CI_API_V4_URL: host.url,
      CI_PROJECT_ID: "42",
      CI_COMMIT_REF_PROTECTED: "true",
      PALETTE_COMMENT_TOKEN: token,
    };
    return runScript("comment-merge-requests.mjs", [], { ...environment, ...over });
  }

  async function posted(over: Record<string, string> = {}): Promise<string[]> {
    const { code, said } = await post(over);
    assert.deepEqual([code, said], [0, ""]);
    return host.comments.map(({ body }) => body);
  }

  it("the first preview is a new comment, the next edits it in place, an equal one writes nothing", async () => {
    found("prod", prod);
    assert.deepEqual(await posted(), [prod + last]);
    found("prod", `${prod}more\n`);
    assert.deepEqual(await posted(), [`${prod}more\n${last}`]);
    await posted();
    assert.deepEqual(host.writes, [
      "POST /projects/42/merge_requests/7/notes",
      "PUT /projects/42/merge_requests/7/notes/1",
    ]);
  });

  it("each stack has its own comment; somebody else's with the marker stays as it is", async () => {
    host.comments.push({ id: 1, body: prod, author: "mallory" });
    found("staging", `${createPreviewMarker("staging")}\n### staging\n`);
    found("prod", `${prod}more\n`);
    const staging = `${createPreviewMarker("staging")}\n### staging\n${last}`;
    assert.deepEqual(await posted(), [prod, `${prod}more\n${last}`, staging]);
  });

  it("a comment behind a hundred others is found", async () => {
    for (let id = 1; id <= 130; id += 1) host.comments.push({ id, body: `talk ${id}`, author: "ana" });
    host.comments.push({ id: 131, body: prod, author: bot });
    found("prod", `${prod}more\n`);
    assert.equal((await posted()).at(-1), `${prod}more\n${last}`);
    assert.equal(host.comments.length, 131);
  });

  const see = `see [the log of the run](${run})**\n${last}`;
  const broken: [title: string, text: string | null, exit: string | null, status: string, body: string][] = [
    ["that broke off", "", "1", "failed", `${none}The preview itself failed (exit 1); ${see}`],
    [
      "before which the job ended",
      null,
      "not run",
      "failed",
      `${none}No preview was made: the job ended before it; ${see}`,
    ],
    ["of a job that kept nothing", null, null, "canceled", `${none}The preview itself failed (exit unknown); ${see}`],
  ];
  for (const [title, text, exit, status, body] of broken) {
    it(`a preview ${title} takes the place of the older one`, async () => {
      found("prod", prod);
      await posted();
      found("prod", text, exit, status);
      assert.deepEqual(await posted(), [body]);
    });
  }

  const silent: [title: string, change: () => void][] = [
    ["a job that still runs", () => found("prod", prod, "0", "running")],
    ["a job of another name", () => (host.pipeline.jobs[0]!.name = "other: [prod]")],
    ["a name that is no stack's", () => (host.pipeline.jobs[0]!.name = "palette-preview: [../prod]")],
    ["a fork", () => (host.sourceProject = 43)],
    ["a commit that the branch has left", () => (host.head = "f".repeat(40))],
    ["merged results of another commit", () => (host.pipeline = { ...host.pipeline, ref: "merge", sha: "e".repeat(40), parents: ["f".repeat(40)] })],
  ]; // prettier-ignore
  for (const [title, change] of silent) {
    it(`of ${title} nothing is posted`, async () => {
      found("prod", prod);
      change();
      assert.deepEqual(await posted(), []);
    });
  }

  it("in a pipeline of merged results the commit is the source branch's", async () => {
    found("prod", prod);
    host.pipeline = { ...host.pipeline, ref: "merge", sha: "e".repeat(40), parents: ["f".repeat(40), headSha] };
    assert.deepEqual(await posted(), [prod + last]);
  });

  it("no line of a preview is a quick action of who posts; what has a slash in it stays", async () => {
    found("prod", `${prod}/merge\n  /close\na/b @ana\n`);
    assert.deepEqual(await posted(), [`${prod}\u200b/merge\n  \u200b/close\na/b @ana\n${last}`]);
  });

  it("an artifact in an object store is read without the token", async () => {
    host.hasStore = true;
    found("prod", prod);
    assert.deepEqual(await posted(), [prod + last]);
    assert.deepEqual(host.storeTokens, [undefined, undefined]);
  });

  it("a preview longer than a megabyte is read to that length, and cut as any other", async () => {
    found("prod", prod + "- one more line of the plan\n".repeat(80_000));
    const [body] = await posted();
    assert.ok(body!.length < 60_000);
    assert.match(body!, /^> \*\*Cut\*\* at 60000 characters\.$/m);
  });

  const faults: [title: string, over: Record<string, string>, prepare: () => void | Promise<void>, said: RegExp][] = [
    ["a pipeline of no protected branch", { CI_COMMIT_REF_PROTECTED: "false" }, () => undefined, /^This pipeline is of no protected branch: .* mark the variable as protected\.\n$/],
    ["no token", { PALETTE_COMMENT_TOKEN: "" }, () => undefined, /^PALETTE_COMMENT_TOKEN is not set: add it as a masked and protected variable\.\n$/],
    ["a refusal of the platform", {}, () => void (host.status = 403), /^GET \/user: 403\n$/],
    ["a platform that does not answer", {}, () => host.stop(), /^GET \/user: no answer \(ECONNREFUSED\)\n$/],
  ]; // prettier-ignore
  for (const [title, over, prepare, expected] of faults) {
    it(`${title} fails the job in one sentence without the token`, async () => {
      found("prod", prod);
      await prepare();
      const { code, said } = await post(over);
      assert.deepEqual([code, host.writes], [1, []]);
      assert.match(said, expected);
      assert.ok(!said.includes(token));
    });
  }
});
