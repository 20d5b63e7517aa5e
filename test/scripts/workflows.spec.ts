import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

interface Step {
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}
interface Job {
  if?: string;
  permissions?: Record<string, string>;
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const folder = join(findPackageRoot(), ".github/workflows");
const text = (file: string): string => readFileSync(join(folder, file), "utf8");
const workflow = (file: string): Workflow => parse(text(file)) as Workflow;

describe("workflows of pull requests", () => {
  it("what runs a pull request's code may write nothing and keeps no credentials", () => {
    const { on, permissions, jobs } = workflow("preview.yml");
    assert.deepEqual([Object.keys(on), permissions], [["pull_request"], { contents: "read" }]);
    for (const { permissions: own, steps } of Object.values(jobs)) {
      assert.equal(own, undefined);
      for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/checkout"))) {
        assert.equal(step.with?.["persist-credentials"], false);
      }
    }
  });

  it("secrets reach the one step that previews, and that step alone", () => {
    const steps = Object.values(workflow("preview.yml").jobs).flatMap((job) => job.steps);
    const withSecrets = steps.filter(({ env }) => Object.values(env ?? {}).some((value) => value.includes("secrets.")));
    assert.equal(withSecrets.length, 1);
    assert.match(withSecrets[0]!.run!, /palette-upgrade preview --stack "\$STACK" --output markdown/);
  });

  it("what may write comments runs the default branch's script, installs nothing and knows no other secret", () => {
    const { on, permissions, jobs } = workflow("preview-comment.yml");
    assert.deepEqual([Object.keys(on), permissions], [["workflow_run"], {}]);
    const [job] = Object.values(jobs);
    assert.deepEqual(job!.permissions, { actions: "read", contents: "read", "pull-requests": "write" });
    assert.doesNotMatch(text("preview-comment.yml"), /secrets\.|npm |ref:/);
  });

  it("of a run that was cancelled a comment is posted too: a job that took too long counts as that", () => {
    const [job] = Object.values(workflow("preview-comment.yml").jobs);
    assert.equal(job!.if, "github.event.workflow_run.event == 'pull_request'");
  });

  it("no workflow hands its token to a fork's code, or puts an event's text into a shell", () => {
    for (const file of readdirSync(folder)) {
      assert.doesNotMatch(text(file), /pull_request_target/, file);
      for (const { steps } of Object.values(workflow(file).jobs)) {
        for (const { run } of steps) assert.doesNotMatch(run ?? "", /\$\{\{/, file);
      }
    }
  });

  it("every action is pinned by its commit, with the version in words beside it", () => {
    const used = readdirSync(folder).flatMap((file) => text(file).match(/uses: .*/g) ?? []);
    assert.ok(used.length >= 12);
    for (const action of used) assert.match(action, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const versions = new Map<string, Set<string>>();
    for (const action of used) {
      const [name = "", commit = ""] = action.split("@");
      versions.set(name, (versions.get(name) ?? new Set()).add(commit));
    }
    for (const [name, commits] of versions) assert.equal(commits.size, 1, name);
  });

  it("dependencies are installed without their scripts, and never where credentials are kept or something may be written", () => {
    let installs = 0;
    for (const file of readdirSync(folder)) {
      for (const [name, { permissions = workflow(file).permissions, steps }] of Object.entries(workflow(file).jobs)) {
        const installing = steps.filter(({ run }) => /\bnpm (?:ci|i|install)\b/.test(run ?? ""));
        if (installing.length === 0) continue;
        installs += 1;
        for (const { run } of installing) assert.match(run!, /^npm ci --ignore-scripts$/, `${file} ${name}`);
        assert.deepEqual(permissions, { contents: "read" }, `${file} ${name}`);
        for (const { uses, with: given } of steps) {
          if (uses?.startsWith("actions/checkout@"))
            assert.equal(given?.["persist-credentials"], false, `${file} ${name}`);
        }
      }
    }
    assert.equal(installs, 2);
    const gitlab = readFileSync(join(findPackageRoot(), "ci/gitlab/preview.gitlab-ci.yml"), "utf8");
    assert.deepEqual(gitlab.match(/npm ci.*/g), ["npm ci --ignore-scripts"]);
  });

  it("the refresh reads in one job and writes in another, which runs nothing of what was read", () => {
    const { permissions, jobs } = workflow("refresh-data.yml");
    assert.deepEqual(permissions, {});
    assert.deepEqual(jobs.propose!.permissions, { contents: "write", "pull-requests": "write" });
    const runs = jobs.propose!.steps.flatMap(({ run }) => run ?? []).join("\n");
    assert.doesNotMatch(runs, /\b(?:npm|npx|node|sh|bash|eval|source)\b/);
  });

  it("the refresh fetches in a job that installs nothing, and only that job and the one that writes hold a token", () => {
    const { jobs } = workflow("refresh-data.yml");
    const runsOf = (name: string): string => jobs[name]!.steps.flatMap(({ run }) => run ?? []).join("\n");
    assert.equal(runsOf("fetch"), "bash scripts/fetch-sources.sh snapshot");
    const holders = Object.entries(jobs).filter(([, { steps }]) =>
      steps.some(({ env }) => Object.values(env ?? {}).some((value) => value.includes("token"))),
    );
    assert.deepEqual(
      holders.map(([name]) => name),
      ["fetch", "propose"],
    );
  });

  it("what the refresh finds gone fails its run, after the pull request", () => {
    const { loud } = workflow("refresh-data.yml").jobs;
    assert.equal(loud!.if, "always() && needs.read.outputs.loud == 'true'");
    assert.deepEqual(loud!.permissions, {});
    assert.match(loud!.steps.at(-1)!.run!, /^cat refreshed\/loud\.md\nexit 1\n$/);
  });

  it("on GitLab what comments runs the default branch's script in a scheduled pipeline of that branch, which is protected", () => {
    const { file, jobs } = gitlab();
    const comment = jobs["palette-comment"]!;
    assert.deepEqual(comment.script, ["node scripts/comment-merge-requests.mjs"]);
    assert.deepEqual(
      comment.rules!.map((rule) => rule.if.split(" && ")),
      [
        [
          '$CI_PIPELINE_SOURCE == "schedule"',
          "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
          '$CI_COMMIT_REF_PROTECTED == "true"',
          '$PALETTE_COMMENTS == "yes"',
        ],
      ],
    );
    for (const key of ["extends", "needs", "dependencies", "environment"]) assert.ok(!(key in comment), key);
    // What a file cannot say of itself: how the variable is to be set.
    assert.match(file, /^# palette-comment .* PALETTE_COMMENT_TOKEN [\s\S]*^# masked AND PROTECTED variable/m);
    assert.ok(!file.replace(/^#.*$/gm, "").includes("PALETTE_COMMENT_TOKEN"));
  });

  it("on GitLab a merge request's own pipeline runs what previews, and nothing that comments; a fork's neither", () => {
    const { jobs } = gitlab();
    const ofMergeRequests = Object.entries(jobs).filter(([, job]) =>
      (job.rules ?? jobs[job.extends ?? ""]!.rules!).some((rule) => rule.if.includes("merge_request_event")),
    );
    assert.deepEqual(
      ofMergeRequests.map(([name]) => name),
      [".palette-merge-request", "palette-preview"],
    );
    for (const rule of jobs[".palette-merge-request"]!.rules!)
      assert.match(rule.if, /CI_MERGE_REQUEST_SOURCE_PROJECT_ID == \$CI_PROJECT_ID/);
  });

  interface GitlabJob {
    extends?: string;
    rules?: { if: string }[];
    script?: string[];
  }

  function gitlab(): { file: string; jobs: Record<string, GitlabJob> } {
    const file = readFileSync(join(findPackageRoot(), "ci/gitlab/preview.gitlab-ci.yml"), "utf8");
    return { file, jobs: parse(file) as Record<string, GitlabJob> };
  }
});
