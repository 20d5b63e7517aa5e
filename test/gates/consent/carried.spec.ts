import assert from "node:assert/strict";
import { selectAcceptances } from "../../../lib/gates/consent/carried.js";
import { listRunnerNames } from "../../../lib/gates/consent/runner-names.js";
import { describeSurvey, surveyAcceptances } from "../../../lib/gates/consent/survey.js";
import type { Acceptance } from "../../../lib/gates/consent/types.js";

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

describe("acceptances of a gate", () => {
  const accept = [
    acceptance({ subject: "b" }),
    acceptance({ subject: "a" }),
    acceptance({ gate: "images" }),
    acceptance({ hop: "4.8.47->4.9.15" }),
  ];

  it("are those of this gate and destination, sorted", () => {
    assert.deepEqual(selectAcceptances({ accept, approval: { fourEyes: true, required: false } }, "values", "4.9.14"), {
      fourEyes: true,
      entries: [acceptance({ subject: "a" }), acceptance({ subject: "b" })],
    });
  });

  it("are absent where nothing is accepted, whatever four eyes say: the Command stays as it is", () => {
    for (const fourEyes of [true, false])
      assert.equal(
        selectAcceptances({ accept, approval: { fourEyes, required: false } }, "backup", "4.9.14"),
        undefined,
      );
  });
});

const alone = { runners: [] as string[], fourEyes: false, resuming: false };

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
      [
        {
          gate,
          outcome: "pass",
          from: "4.8.47",
          to: "4.9.14",
          reasons: [],
          accepted: [{ code, subject, by, ticket, until, because }],
        },
      ],
      {
        route: [
          { from: "4.8.47", to: "4.9.14" },
          { from: "4.9.14", to: "4.9.22" },
        ],
        hop: { from: "4.8.47", to: "4.9.14" },
        today: "2026-11-21",
        ...alone,
      },
    );

    assert.deepEqual(describeSurvey(survey), {
      used: ["values: DEAD_KEY of ingress.type, for 4.8.47->4.9.14, by ana (OPS-1), until 2026-12-01"],
      unused: [
        "values: DEAD_KEY of other, for 4.8.47->4.9.14, by ana (OPS-1), until 2026-12-01",
        "values: DEAD_KEY of ingress.type, for 4.7.20->4.8.47, by ana (OPS-1), until 2026-12-01",
      ],
      uncounted: [],
      expired: ["values: DEAD_KEY of ingress.type, for 4.8.47->4.9.14, by ana (OPS-1), until 2026-11-20"],
    });
  });

  const dead = { code: "DEAD_KEY", member: "ingress.type", message: "It is read no more." };
  const hop = { from: "4.8.47", to: "4.9.14" };
  type Report = Parameters<typeof surveyAcceptances>[1][number];
  const blocked: Report = { gate: "values", outcome: "fail", ...hop, reasons: [dead] };
  const low = acceptance({ gate: "mongo-fcv", code: "FCV_LOW", subject: "*" });
  const feature: Report = {
    ...blocked,
    gate: "mongo-fcv",
    reasons: [{ code: "FCV_LOW", member: null, message: "It is 7.0." }],
  };
  const reported = "values: DEAD_KEY of ingress.type, for 4.8.47->4.9.14, by ana (OPS-1), until 2026-12-01";
  const matched: [title: string, of: Acceptance, by: Report, who: Partial<typeof alone>, line: string][] = [
    [
      "what nobody can accept",
      low,
      feature,
      {},
      "mongo-fcv: FCV_LOW of the whole, for 4.8.47->4.9.14, by ana (OPS-1), until 2026-12-01: MongoDB 8.0 does not start on data of a lower feature compatibility version, and Palette cannot go back. Nobody can accept that; fix it.",
    ],
    [
      "four eyes, by the one who runs this",
      acceptance(),
      blocked,
      { fourEyes: true, runners: ["Ana"] },
      `${reported}: ana is also the one who runs this (palette:approval.fourEyes): have another person accept it, or run it.`,
    ],
    [
      "four eyes, and nobody knows who runs",
      acceptance(),
      blocked,
      { fourEyes: true },
      `${reported}: this CI job does not say who started it, so palette:approval.fourEyes counts nobody's word. Set PALETTE_ACTOR in the job to the name of the person it runs for.`,
    ],
    [
      "sound, but another reason of the gate blocks",
      acceptance(),
      { ...blocked, reasons: [dead, { ...dead, member: "other" }] },
      {},
      `${reported}: the gate has other reasons too, and passes only when every one of them is accepted or fixed.`,
    ],
  ];
  for (const [title, of, by, who, line] of matched) {
    it(`matches, and does not count: ${title}`, () => {
      const survey = surveyAcceptances([of], [by], { route: [hop], hop, today: "2026-11-21", ...alone, ...who });
      assert.deepEqual(describeSurvey(survey), { used: [], unused: [], uncounted: [line], expired: [] });
    });
  }

  const unmatched: [title: string, of: Acceptance, by: Report][] = [
    ["another subject, which could not be accepted either", { ...low, subject: "mongo-0" }, feature],
    ["another gate's reason of the same code", acceptance({ gate: "images" }), blocked],
    ["the reason of another hop", acceptance(), { ...blocked, from: "4.8.40" }],
    ["a gate that passes", acceptance(), { ...blocked, outcome: "pass" }],
    [
      "a remark, which blocks nothing",
      acceptance({ code: "NOTE" }),
      { ...blocked, reasons: [{ ...dead, code: "NOTE" }] },
    ],
  ];
  for (const [title, of, by] of unmatched) {
    it(`negative twin: matches nothing: ${title}`, () => {
      const around = { route: [hop], hop, today: "2026-11-21", ...alone, fourEyes: true };
      const { unused, uncounted } = surveyAcceptances([of], [by], around);
      assert.deepEqual([unused, uncounted], [[of], []]);
    });
  }
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
    it(title, () => assert.deepEqual(listRunnerNames(environment, user), expected));
  }
});
