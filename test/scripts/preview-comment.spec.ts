import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromMarkdown } from "mdast-util-from-markdown";
import { createPreviewMarker } from "../../lib/program/preview/render/markdown.js";
import { bot, commentHost, headSha, runScript, token, type CommentHost } from "./comment-host.js";

const prod = `${createPreviewMarker("prod")}\n### prod: 4.6.41 → 4.7.20\n`;
const last = "\nCommit 01234567\n";
const run = "https://host.example/acme/infra/actions/runs/9";

describe("preview comments on github", () => {
  let host: CommentHost;
  let folder: string;

  beforeEach(async () => {
    host = await commentHost("github");
    folder = mkdtempSync(join(tmpdir(), "found-"));
  });
  afterEach(async () => {
    await host.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function found(stack: string, text: string | null, exit = "0"): void {
    if (text === null) rmSync(join(folder, `${stack}.md`));
    else writeFileSync(join(folder, `${stack}.md`), text);
    writeFileSync(join(folder, `${stack}.exit`), `${exit}\n`);
  }

  function post(over: Record<string, string> = {}): Promise<{ code: number; said: string }> {
    const environment = {
      GITHUB_API_URL: host.url,
      GITHUB_REPOSITORY: "acme/infra",
      GITHUB_SERVER_URL: "https://host.example",
      PREVIEW_RUN_ID: "9",
      GH_TOKEN: token,
      HEAD_OWNER: "acme",
      HEAD_BRANCH: "topic",
      HEAD_SHA: headSha,
    };
    return runScript("preview-comment.mjs", [folder], { ...environment, ...over });
  }

  async function posted(over: Record<string, string> = {}): Promise<string[]> {
    const { code, said } = await post(over);
    assert.equal(code, 0, said);
    return host.comments.map(({ body }) => body);
  }

  it("the first preview is a new comment, the next edits it in place, an equal one writes nothing", async () => {
    found("prod", prod);
    assert.deepEqual(await posted(), [prod + last]);
    found("prod", `${prod}more\n`);
    assert.deepEqual(await posted(), [`${prod}more\n${last}`]);
    const before = host.writes.length;
    assert.deepEqual(await posted(), [`${prod}more\n${last}`]);
    assert.equal(host.writes.length, before);
  });

  it("the same preview of another commit is edited, so that the comment names the commit it is of", async () => {
    found("prod", prod);
    await posted();
    const newer = "fedcba9876543210fedcba9876543210fedcba98";
    host.head = newer;
    const moved = await posted({ HEAD_SHA: newer });
    assert.deepEqual(moved, [`${prod}\nCommit fedcba98\n`]);
    assert.match(host.writes.at(-1)!, /^PATCH /);
  });

  it("each stack has its own comment, also where one's name begins the other's", async () => {
    const eu = `${createPreviewMarker("prod-eu")}\n### prod-eu\n`;
    found("prod", prod);
    found("prod-eu", eu);
    assert.deepEqual(await posted(), [prod + last, eu + last]);
    found("prod-eu", `${eu}more\n`);
    assert.deepEqual(await posted(), [prod + last, `${eu}more\n${last}`]);
  });

  it("a comment of somebody else with the marker stays as it is", async () => {
    host.comments.push({ id: 1, body: prod, author: "mallory" });
    found("prod", `${prod}more\n`);
    assert.deepEqual(await posted(), [prod, `${prod}more\n${last}`]);
  });

  it("a comment behind a hundred others is found", async () => {
    for (let id = 1; id <= 130; id += 1) host.comments.push({ id, body: `talk ${id}`, author: "ana" });
    host.comments.push({ id: 131, body: prod, author: bot });
    found("prod", `${prod}more\n`);
    assert.equal((await posted()).at(-1), `${prod}more\n${last}`);
    assert.equal(host.comments.length, 131);
  });

  const none = `${createPreviewMarker("prod")}\n### prod: no preview\n\n⛔ **`;
  const see = `see [the log of the run](${run})**\n${last}`;
  const broken: [title: string, text: string | null, exit: string, body: string][] = [
    ["that broke off", "", "1", `${none}The preview itself failed (exit 1); ${see}`],
    ["before which the job ended", null, "not run", `${none}No preview was made: the job ended before it; ${see}`],
    ["half-way in which it ended", prod, "not run", `${none}No preview was made: the job ended before it; ${see}`],
    ["of which no exit code is known", prod, "", `${none}The preview itself failed (exit unknown); ${see}`],
  ];
  for (const [title, text, exit, body] of broken) {
    it(`a preview ${title} takes the place of the older one, in the same comment`, async () => {
      found("prod", prod);
      assert.deepEqual(await posted(), [prod + last]);
      found("prod", text, exit);
      assert.deepEqual(await posted(), [body]);
    });
  }

  const item = "- one more line of the plan\n";
  const long: [title: string, text: string][] = [
    ["in the open", item.repeat(4_000)],
    ["in one line", "x".repeat(90_000)],
    ["in a fold", `<details><summary>Plan</summary>\n\n${item.repeat(4_000)}\n</details>\n`],
    ["in a fold behind a closed one", `<details>\n\na\n\n</details>\n\n<details>\n\n${item.repeat(4_000)}`],
    ["in a code block within a fold", `<details>\n\n\`\`\`\`yaml\n\`\`\`\n${"a: <details>\n".repeat(6_000)}`],
    ["in folds within folds", "<details>\n\n".repeat(9_000)],
    ["in an HTML comment", `<!--\n${item.repeat(4_000)}-->\n`],
  ];
  for (const [title, text] of long) {
    it(`never as long as 60,000 characters; what is cut ${title} ends with a note in sight and the commit`, async () => {
      found("prod", prod + text);
      const [body] = await posted();
      assert.ok(body!.length < 60_000, `${body!.length}`);
      assert.ok(body!.startsWith(prod));
      assert.ok(body!.endsWith(`\n\n> **Cut** at 60000 characters.\n${last}`));
      const blocks = fromMarkdown(body!).children;
      assert.deepEqual(
        blocks.slice(-2).map(({ type }) => type),
        ["blockquote", "paragraph"],
      );
      const html = blocks.flatMap((block) => (block.type === "html" ? [block.value] : [])).join("\n");
      assert.equal(html.match(/<details/g)?.length, html.match(/<\/details/g)?.length);
    });
  }

  it("the commit counts: with it a preview just below the limit is cut, one that leaves it room is not", async () => {
    const room = 59_999 - prod.length - last.length;
    found("prod", `${prod}${"x".repeat(room - 1)}\n`);
    const [whole] = await posted();
    assert.equal(whole!.length, 59_999);
    assert.doesNotMatch(whole!, /Cut/);
    found("prod", `${prod}${"x".repeat(room)}\n`);
    assert.match((await posted())[0]!, /^> \*\*Cut\*\* at 60000 characters\.$/m);
  });

  it("a preview that claims to be another stack's is not posted as that", async () => {
    found("staging", prod);
    assert.match((await posted())[0]!, /^<!-- palette-upgrade preview of staging -->\n### staging: no preview/);
  });

  const faults: [title: string, prepare: () => void | Promise<void>, said: RegExp][] = [
    ["a refusal of the platform", () => void (host.status = 403), /^GET \S+: 403\n$/],
    ["a platform that does not answer", () => host.stop(), /^GET \S+: no answer \(ECONNREFUSED\)\n$/],
    [
      "nothing found",
      () => rmSync(join(folder, "prod.exit")),
      /^\S+ holds no <stack>\.exit: the preview did not run; see https:\/\/host\.example\/acme\/infra\/actions\/runs\/9\n$/,
    ],
    [
      "no folder",
      () => rmSync(folder, { recursive: true }),
      /^There is no folder \S+: the preview left nothing to post; see https:\/\/host\.example\/acme\/infra\/actions\/runs\/9\n$/,
    ],
  ];
  for (const [title, prepare, expected] of faults) {
    it(`${title} fails the job in one sentence without the token`, async () => {
      found("prod", prod);
      await prepare();
      const { code, said } = await post();
      assert.deepEqual([code, host.writes], [1, []]);
      assert.match(said, expected);
      assert.ok(!said.includes(token));
    });
  }

  it("a head that has moved on is left to the newer run, also where the older one ends last", async () => {
    found("prod", prod);
    assert.deepEqual(await posted(), [prod + last]);
    const older = "f".repeat(40);
    found("prod", `${prod}of yesterday\n`);
    assert.deepEqual(await posted({ HEAD_SHA: older }), [prod + last]);
  });

  it("of a branch that has no pull request nothing is posted", async () => {
    found("prod", prod);
    assert.deepEqual(await posted({ HEAD_BRANCH: "other" }), []);
  });

  it("of a fork the comment says so, and calls nobody", async () => {
    await host.stop();
    host = await commentHost("github", "mallory/infra");
    found("prod", `${prod}@acme/admins #12\n/merge\n`);
    assert.deepEqual(await posted(), [
      `${createPreviewMarker("prod")}\n> From a fork: this was written by the code of the pull request itself.\n\n### prod: 4.6.41 → 4.7.20\n@\u200bacme/admins #\u200b12\n\u200b/merge\n${last}`,
    ]);
  });

  it("what a fork leaves open hides no commit", async () => {
    await host.stop();
    host = await commentHost("github", "mallory/infra");
    for (const open of ["<details>\n", "~~~\n", "<!-- \n```\n"]) {
      found("prod", prod + open);
      const [block] = fromMarkdown((await posted())[0]!).children.slice(-1);
      assert.equal(block!.type, "paragraph", open);
    }
  });
});
