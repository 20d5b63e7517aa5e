import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../lib/matrix/package-root.js";
import { previewMarker } from "../../lib/report/preview-markdown.js";
import { bot, commentHost, headSha, token, type CommentHost } from "./comment-host.js";

const prod = `${previewMarker("prod")}\n### prod: 4.6.41 → 4.7.20\n`;

for (const kind of ["github", "gitlab"] as const) {
  describe(`preview comments on ${kind}`, () => {
    let host: CommentHost;
    let folder: string;

    beforeEach(async () => {
      host = await commentHost(kind);
      folder = mkdtempSync(join(tmpdir(), "found-"));
    });
    afterEach(async () => {
      await host.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    function found(stack: string, text: string, exitCode = "0"): void {
      writeFileSync(join(folder, `${stack}.md`), text);
      writeFileSync(join(folder, `${stack}.exit`), `${exitCode}\n`);
    }

    function post(over: Record<string, string> = {}): Promise<{ code: number; said: string }> {
      const environment =
        kind === "github"
          ? {
              GITHUB_API_URL: host.url,
              GITHUB_REPOSITORY: "acme/infra",
              GITHUB_SERVER_URL: "https://host.example",
              PREVIEW_RUN_ID: "9",
              GH_TOKEN: token,
              HEAD_OWNER: "acme",
              HEAD_BRANCH: "topic",
              HEAD_SHA: headSha,
            }
          : {
              GITLAB_CI: "true",
              CI_API_V4_URL: host.url,
              CI_PROJECT_ID: "42",
              CI_MERGE_REQUEST_IID: "7",
              CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "42",
              CI_PIPELINE_URL: "https://host.example/acme/infra/actions/runs/9",
              PALETTE_COMMENT_TOKEN: token,
            };
      const script = join(packageRoot(), "scripts/preview-comment.mjs");
      return new Promise((resolve) => {
        execFile(
          process.execPath,
          [script, folder],
          { env: { PATH: process.env.PATH, ...environment, ...over } },
          (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), said: out + err }),
        );
      });
    }

    async function posted(over: Record<string, string> = {}): Promise<string[]> {
      const { code, said } = await post(over);
      assert.equal(code, 0, said);
      return host.comments.map(({ body }) => body);
    }

    it("the first preview is a new comment, the next edits it in place, an equal one writes nothing", async () => {
      found("prod", prod);
      assert.deepEqual(await posted(), [prod]);
      found("prod", `${prod}more\n`);
      assert.deepEqual(await posted(), [`${prod}more\n`]);
      const before = host.writes.length;
      assert.deepEqual(await posted(), [`${prod}more\n`]);
      assert.equal(host.writes.length, before);
    });

    it("each stack has its own comment, also where one's name begins the other's", async () => {
      const eu = `${previewMarker("prod-eu")}\n### prod-eu\n`;
      found("prod", prod);
      found("prod-eu", eu);
      assert.deepEqual(await posted(), [prod, eu]);
      found("prod-eu", `${eu}more\n`);
      assert.deepEqual(await posted(), [prod, `${eu}more\n`]);
    });

    it("a comment of somebody else with the marker stays as it is", async () => {
      host.comments.push({ id: 1, body: prod, author: "mallory" });
      found("prod", `${prod}more\n`);
      assert.deepEqual(await posted(), [prod, `${prod}more\n`]);
    });

    it("a comment behind a hundred others is found", async () => {
      for (let id = 1; id <= 130; id += 1) host.comments.push({ id, body: `talk ${id}`, author: "ana" });
      host.comments.push({ id: 131, body: prod, author: bot });
      found("prod", `${prod}more\n`);
      assert.equal((await posted()).at(-1), `${prod}more\n`);
      assert.equal(host.comments.length, 131);
    });

    it("a preview that broke off says so, in the same comment", async () => {
      found("prod", prod);
      await posted();
      found("prod", "", "1");
      assert.deepEqual(await posted(), [
        `${previewMarker("prod")}\n### prod: no preview\n\n⛔ **The preview itself failed (exit 1); see [the log of the run](https://host.example/acme/infra/actions/runs/9)**\n`,
      ]);
    });

    it("never longer than 60,000 characters, whatever was found", async () => {
      found("prod", prod + "x".repeat(90_000));
      const [body] = await posted();
      assert.ok(body!.length < 60_000, `${body!.length}`);
      assert.match(body!, /\*\*Cut\*\* at 60000 characters\.\n$/);
    });

    it("a preview that claims to be another stack's is not posted as that", async () => {
      found("staging", prod);
      assert.match((await posted())[0]!, /^<!-- palette-upgrade preview of staging -->\n### staging: no preview/);
    });

    it("a refusal of the platform fails the job and shows no token", async () => {
      found("prod", prod);
      host.status = 403;
      const { code, said } = await post();
      assert.equal(code, 1);
      assert.match(said, /: 403/);
      assert.ok(!said.includes(token));
    });

    it("nothing found fails the job", async () => {
      const { code, said } = await post();
      assert.equal(code, 1);
      assert.match(said, /holds no <stack>\.exit: the preview did not run/);
    });

    if (kind === "github") {
      it("a head that has moved on is left to the newer run", async () => {
        found("prod", prod);
        assert.deepEqual(await posted({ HEAD_SHA: "f".repeat(40) }), []);
        assert.deepEqual(await posted({ HEAD_BRANCH: "other" }), []);
      });

      it("of a fork the comment says so, and calls nobody", async () => {
        await host.stop();
        host = await commentHost("github", "mallory/infra");
        found("prod", `${prod}@acme/admins #12\n/merge\n`);
        assert.deepEqual(await posted(), [
          `${previewMarker("prod")}\n> From a fork: this was written by the code of the pull request itself.\n\n### prod: 4.6.41 → 4.7.20\n@\u200bacme/admins #\u200b12\n\u200b/merge\n`,
        ]);
      });
    }
  });
}
