import assert from "node:assert/strict";
import { actorOf, personOf } from "../../lib/journal/actor.js";

const machine = { user: "runner", host: "box" };

describe("who runs", () => {
  const cases: { title: string; environment: Record<string, string>; ci: string | null; person: string }[] = [
    { title: "a person at a terminal", environment: {}, ci: null, person: "runner" },
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
      person: "ana",
    },
    {
      title: "GitLab",
      environment: { GITLAB_CI: "true", CI_PROJECT_PATH: "ops/palette", CI_JOB_ID: "12", GITLAB_USER_LOGIN: "ben" },
      ci: "gitlab: ops/palette, run 12, actor ben",
      person: "ben",
    },
    {
      title: "Jenkins without a user",
      environment: { JENKINS_URL: "x", JOB_NAME: "up", BUILD_NUMBER: "3" },
      ci: "jenkins: up, run 3, actor not told",
      person: "runner",
    },
    { title: "a CI nobody knows", environment: { CI: "true" }, ci: "ci: not known which", person: "runner" },
    { title: "CI=false", environment: { CI: "false" }, ci: null, person: "runner" },
    {
      title: "a person named for the job",
      environment: { GITHUB_ACTIONS: "true", GITHUB_ACTOR: "bot", PALETTE_ACTOR: "cleo" },
      ci: "github: not told, run not told, actor bot",
      person: "cleo",
    },
  ];
  for (const { title, environment, ci, person } of cases) {
    it(title, () => {
      assert.deepEqual(actorOf(environment, machine), { ...machine, ci });
      assert.equal(personOf(environment, machine), person);
    });
  }
});
