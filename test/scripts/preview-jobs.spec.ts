import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

interface Step {
  name?: string;
  if?: string;
  uses?: string;
  run?: string;
}
interface Ran {
  code: number | null;
  said: string;
}

const read = (path: string): unknown => parse(readFileSync(join(findPackageRoot(), path), "utf8"));
const { steps } = (read(".github/workflows/preview.yml") as { jobs: { preview: { steps: Step[] } } }).jobs.preview;
const script = (read("ci/gitlab/preview.gitlab-ci.yml") as { "palette-preview": { script: string[] } })[
  "palette-preview"
].script;

/** What the preview ends with, what its job then ends with, and what it printed. */
const ends: [exit: number, job: number, says: string][] = [
  [0, 0, "a preview"],
  [3, 3, "a refusal"],
  [5, 0, "not now"],
  [1, 1, ""],
];

/** The shell of the jobs that preview, as the platforms run it, where `node` and `npm` end as they are told. */
describe("the shell of the preview jobs", () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const found = (name: string): string | null => (existsSync(at(name)) ? readFileSync(at(name), "utf8") : null);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "job-"));
    mkdirSync(at("bin"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function stub(name: "node" | "npm", says: string, code: number): void {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\nprintf %s '${says}'\nexit ${code}\n`, { mode: 0o755 });
  }

  function bash(options: string[], text: string): Ran {
    writeFileSync(at("step.sh"), text);
    const env = { PATH: `${at("bin")}:${process.env.PATH}`, STACK: "prod", GITHUB_STEP_SUMMARY: at("summary") };
    const { status, stdout, stderr } = spawnSync("bash", [...options, at("step.sh")], { cwd: folder, env });
    return { code: status, said: `${stdout.toString()}${stderr.toString()}` };
  }

  /** GitHub runs a step without `shell` by `bash -e FILE`. */
  function step(name: string): Ran {
    return bash(["-e"], steps.find((one) => one.name === name)!.run!);
  }

  describe("on GitHub", () => {
    it("lays that there is no preview before anything that may fail, and sends what there is whatever failed", () => {
      assert.deepEqual(
        steps.slice(0, 3).map(({ uses, name }) => (uses ?? name!).replace(/@.*/, "")),
        ["actions/checkout", "No preview yet", "actions/setup-node"],
      );
      const upload = steps.findIndex(({ uses }) => uses?.startsWith("actions/upload-artifact"));
      assert.deepEqual(
        steps.slice(upload).map((one) => one.if),
        ["always()", "always()"],
      );
    });

    it("a job that ends before the preview has something to post, and says so itself", () => {
      assert.deepEqual(step("No preview yet"), { code: 0, said: "" });
      assert.deepEqual([found("found/prod.exit"), found("found/prod.md")], ["not run\n", null]);
      const said = "No preview of prod was made: the job ended before it.\n";
      assert.deepEqual(step("Summary and verdict"), { code: 1, said });
      assert.equal(found("summary"), said);
    });

    it("a job that ends before its checkout says the same", () => {
      const said = "No preview of prod was made: the job ended before it.\n";
      assert.deepEqual(step("Summary and verdict"), { code: 1, said });
    });

    for (const [exit, code, says] of ends) {
      it(`a preview that ends with ${exit} ends the job with ${code} and stands in its summary`, () => {
        stub("node", says, exit);
        step("No preview yet");
        assert.deepEqual(step("Preview"), { code: 0, said: "" });
        assert.deepEqual([found("found/prod.md"), found("found/prod.exit")], [says, `${exit}\n`]);
        assert.deepEqual(step("Summary and verdict"), { code, said: "" });
        assert.equal(found("summary"), says);
      });
    }
  });

  describe("on GitLab", () => {
    /** The runner's shell ends at the first line that fails. */
    const job = (): Ran => bash(["-eo", "pipefail"], script.join("\n"));

    it("a job that ends before the preview has something to post", () => {
      stub("npm", "", 7);
      stub("node", "a preview", 0);
      assert.deepEqual(job(), { code: 7, said: "" });
      assert.deepEqual([found("found/prod.exit"), found("found/prod.md")], ["not run\n", null]);
    });

    for (const [exit, code, says] of ends) {
      it(`a preview that ends with ${exit} ends the job with ${code}`, () => {
        stub("npm", "", 0);
        stub("node", says, exit);
        assert.deepEqual(job(), { code, said: "" });
        assert.deepEqual([found("found/prod.md"), found("found/prod.exit")], [says, `${exit}\n`]);
      });
    }

    it("its script's time is shorter than the job's, so that what it laid is kept when it takes too long", () => {
      const file = read("ci/gitlab/preview.gitlab-ci.yml") as {
        "palette-preview": {
          timeout: string;
          variables: { RUNNER_SCRIPT_TIMEOUT: string };
          artifacts: { when: string };
        };
      };
      const { timeout, variables, artifacts } = file["palette-preview"];
      assert.ok(parseInt(variables.RUNNER_SCRIPT_TIMEOUT, 10) < parseInt(timeout, 10));
      assert.equal(artifacts.when, "always");
    });
  });
});
