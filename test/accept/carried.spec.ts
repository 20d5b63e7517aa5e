import assert from "node:assert/strict";
import { acceptEntry, noAcceptances, parseAccept } from "../../lib/accept/carried.js";
import { runnerNames } from "../../lib/accept/runner-names.js";
import { describeSurvey, surveyAcceptances } from "../../lib/accept/survey.js";
import type { Acceptance } from "../../lib/accept/types.js";

const acceptance = (change: Partial<Acceptance> = {}): Acceptance => ({
  gate: "values",
  subject: "ingress.type",
  code: "DEAD_KEY",
  hop: "4.8.47->4.9.14",
  because: "read",
  ticket: "OPS-1",
  by: "ana",
  until: "2026-12-01",
  ...change,
});

describe("acceptances in a gate's environment", () => {
  const accept = [
    acceptance({ subject: "b" }),
    acceptance({ subject: "a" }),
    acceptance({ gate: "images" }),
    acceptance({ hop: "4.8.47->4.9.15" }),
  ];

  it("are those of this gate and destination, sorted, and read back as they were", () => {
    const entry = acceptEntry({ accept, fourEyes: true }, "values", "4.9.14");

    assert.deepEqual(parseAccept(entry["ACCEPT"]), {
      fourEyes: true,
      entries: [acceptance({ subject: "a" }), acceptance({ subject: "b" })],
    });
  });

  it("are not there at all where nothing is accepted, whatever four eyes say: the Command stays as it is", () => {
    for (const fourEyes of [true, false]) assert.deepEqual(acceptEntry({ accept, fourEyes }, "backup", "4.9.14"), {});
    assert.deepEqual(parseAccept(undefined), noAcceptances);
    assert.deepEqual(parseAccept(""), noAcceptances);
  });

  it("a text that is no list of acceptances is refused", () => {
    for (const text of ["{", "[]", '{"fourEyes":true,"entries":[{}]}']) {
      assert.throws(() => parseAccept(text), {
        code: "GATE_REQUEST",
        message: "ACCEPT: it is no list of acceptances.",
      });
    }
  });
});

describe("the survey of acceptances", () => {
  it("tells used, unused and expired ones; one for a later hop is none of them", () => {
    const { gate, subject, code, by, ticket, until, because } = acceptance();
    const later = acceptance({ hop: "4.9.14->4.9.22" });
    const survey = surveyAcceptances(
      [
        acceptance(),
        acceptance({ subject: "other" }),
        acceptance({ until: "2026-11-20" }),
        acceptance({ hop: "4.7.20->4.8.47" }),
        later,
      ],
      [{ gate, from: "4.8.47", to: "4.9.14", accepted: [{ code, subject, by, ticket, until, because }] }],
      {
        road: [
          { from: "4.8.47", to: "4.9.14" },
          { from: "4.9.14", to: "4.9.22" },
        ],
        hop: { from: "4.8.47", to: "4.9.14" },
        today: "2026-11-21",
      },
    );

    assert.deepEqual(describeSurvey(survey), {
      used: ["values: DEAD_KEY of ingress.type, for 4.8.47->4.9.14, by ana (OPS-1), until 2026-12-01"],
      unused: [
        "values: DEAD_KEY of other, for 4.8.47->4.9.14, by ana (OPS-1), until 2026-12-01",
        "values: DEAD_KEY of ingress.type, for 4.7.20->4.8.47, by ana (OPS-1), until 2026-12-01",
      ],
      expired: ["values: DEAD_KEY of ingress.type, for 4.8.47->4.9.14, by ana (OPS-1), until 2026-11-20"],
    });
  });
});

describe("the names of the one who runs", () => {
  const user = (): string => "root";
  const table: [string, NodeJS.ProcessEnv, string[]][] = [
    ["this machine's user", {}, ["root"]],
    ["what the driver says", { PALETTE_ACTOR: "ana" }, ["ana", "root"]],
    [
      "what CI says cannot be hidden by the driver's entry",
      { PALETTE_ACTOR: "bert", GITHUB_ACTIONS: "true", GITHUB_ACTOR: "ana" },
      ["bert", "ana", "root"],
    ],
    [
      "who has run a job again, beside who ran it first",
      { GITHUB_ACTIONS: "true", GITHUB_ACTOR: "ana", GITHUB_TRIGGERING_ACTOR: "bert" },
      ["ana", "bert", "root"],
    ],
    ["once each", { GITHUB_ACTIONS: "true", GITHUB_ACTOR: "ana", GITHUB_TRIGGERING_ACTOR: "ana" }, ["ana", "root"]],
    [
      "GitLab: login, name and address",
      {
        GITLAB_CI: "true",
        GITLAB_USER_LOGIN: "ana",
        GITLAB_USER_NAME: "Ana Sol",
        GITLAB_USER_EMAIL: "ana@acme.example",
      },
      ["ana", "Ana Sol", "ana@acme.example", "root"],
    ],
    ["Azure", { TF_BUILD: "True", BUILD_REQUESTEDFOR: "Ana Sol" }, ["Ana Sol", "root"]],
    ["CircleCI", { CIRCLECI: "true", CIRCLE_USERNAME: "ana" }, ["ana", "root"]],
    [
      "Buildkite: also who let it go on",
      { BUILDKITE: "true", BUILDKITE_BUILD_CREATOR: "Ana Sol", BUILDKITE_UNBLOCKER: "Bert" },
      ["Ana Sol", "Bert", "root"],
    ],
    ["Jenkins that tells nobody: its machine's user is nobody", { JENKINS_URL: "x" }, []],
    ["a CI nobody knows", { CI: "true" }, []],
    ["a CI nobody knows, and who it runs for", { CI: "true", PALETTE_ACTOR: "ana" }, ["ana", "root"]],
    ["an entry without its system, which may have been taken away", { GITHUB_ACTOR: "ana" }, ["ana", "root"]],
    ["CI=false", { CI: "false" }, ["root"]],
  ];
  for (const [title, environment, expected] of table) {
    it(title, () => assert.deepEqual(runnerNames(environment, user), expected));
  }
});
