import assert from "node:assert/strict";
import { identifyActor } from "../../../lib/gates/consent/actor.js";

const machine = { user: "runner", host: "box" };

describe("who runs", () => {
  const cases: { title: string; environment: Record<string, string>; ci: string | null; user?: string }[] = [
    { title: "a person at a terminal", environment: {}, ci: null },
    {
      title: "GitHub",
      environment: {
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_REPOSITORY: "octo/palette",
        GITHUB_RUN_ID: "4711",
        GITHUB_ACTOR: "ana",
      },
      ci: "github: octo/palette, run 4711, actor ana",
    },
    {
      title: "GitLab",
      environment: { GITLAB_CI: "true", CI_PROJECT_PATH: "ops/palette", CI_JOB_ID: "12", GITLAB_USER_LOGIN: "ben" },
      ci: "gitlab: ops/palette, run 12, actor ben",
    },
    {
      title: "Jenkins without a user",
      environment: { JENKINS_URL: "x", JOB_NAME: "up", BUILD_NUMBER: "3" },
      ci: "jenkins: up, run 3, actor not reported",
    },
    { title: "a CI nobody knows", environment: { CI: "true" }, ci: "ci: not known which" },
    { title: "CI=false", environment: { CI: "false" }, ci: null },
    {
      title: "a person named for the job",
      environment: { GITHUB_ACTIONS: "true", GITHUB_ACTOR: "bot", PALETTE_ACTOR: "cleo" },
      ci: "github: not reported, run not reported, actor bot",
      user: "cleo (as runner)",
    },
  ];
  for (const { title, environment, ci, user } of cases) {
    it(title, () => {
      assert.deepEqual(identifyActor(environment, machine), { user: user ?? "runner", host: "box", ci });
    });
  }
});
