import assert from "node:assert/strict";
import { NotNowError, RefusedError } from "../../lib/base/errors/errors.js";
import { describeEvent } from "../../lib/journal/entry-words.js";
import { confirmedClusterVariable } from "../../lib/gates/consent/cluster.js";
import { createEmptyPreview } from "../../lib/program/preview/assemble.js";
import { type PreviewReport } from "../../lib/program/preview/report.js";
import { describeIdentity } from "../../lib/site/identity.js";
import { identity } from "../program/preview/render/reports.js";
import { type JournalEvent, type OpenJournal } from "../../lib/journal/types.js";
import { createCutOffError } from "../../lib/engine/cut-off-state.js";
import { revision } from "../gates/fake-site.js";

import { moves, errors, type Scene, drive } from "./played-run.js";

const failedCheck = JSON.stringify({
  gate: "rollout",
  outcome: "fail",
  reasons: [{ code: "NOT_READY", member: "pod", message: "Pod is not ready." }],
  observed: null,
  when: "after",
  from: "4.6.41",
  to: "4.7.20",
  startedAt: "",
  finishedAt: "",
  samples: 1,
});

const locked = new NotNowError("STACK_LOCKED", "Stack prod is locked by ana.", { next: "Wait." });
const passed =
  "the point of no return was passed: the vendor documents no way back from 4.7.20: only a backup taken before this hop leads to 4.6.41 again";
const moved = "release hubble (default/hubble) 4.6.41 -> 4.7.20: moved";

describe("how a run ended, as the journal has it", () => {
  const cases: { title: string; scene: Scene; exitCode: number; ended: string[]; remaining: string[] }[] = [
    {
      title: "a locked stack: the code, and nothing of an older run's route",
      scene: { ready: () => Promise.reject(locked) },
      exitCode: 5,
      ended: ["run ended: not-now (exit 5) after 0 s; STACK_LOCKED: Stack prod is locked by ana."],
      remaining: [],
    },
    {
      title: "a stop that is not on the route",
      scene: { request: { to: "4.8.8" } },
      exitCode: 2,
      ended: [
        "run ended: refused (exit 2) after 0 s; TO_NOT_ON_ROAD: --to 4.8.8 is no stop of this stack's route: 4.6.41 -> 4.7.20.",
      ],
      remaining: ["4.7.20"],
    },
    {
      title: "a preview that refuses",
      scene: { preview: errors("PLAN_REFUSED: no route, said hunter2"), report: null },
      exitCode: 3,
      ended: ["run ended: refused (exit 3) after 0 s; PLAN_REFUSED: no route, said <hubble password>"],
      remaining: [],
    },
    {
      title: "what the driver itself throws hides values too",
      scene: { ready: () => Promise.reject(new NotNowError("STACK_LOCKED", "hunter2", { next: "Wait." })) },
      exitCode: 5,
      ended: ["run ended: not-now (exit 5) after 0 s; STACK_LOCKED: <hubble password>"],
      remaining: [],
    },
    {
      title: "a person who said no",
      scene: { answers: ["declined"] },
      exitCode: 0,
      ended: ["run ended: declined (exit 0) after 0 s; Nobody said yes; nothing was changed."],
      remaining: ["4.7.20"],
    },
    {
      title: "a person who said no to the step after one that was made",
      scene: { goesOn: true, answers: ["confirmed", "declined"] },
      exitCode: 0,
      ended: [
        "update to 4.7.20 succeeded after 0 s",
        "run ended: declined (exit 0) after 0 s; Nobody said yes to the next step; before that this run made hop 4.6.41 -> 4.7.20.",
      ],
      remaining: [],
    },
    {
      title: "a limit that was asked for",
      scene: { request: { maxHops: 0 } },
      exitCode: 0,
      ended: ["run ended: stopped (exit 0) after 0 s; 0 hops were made, as --max-hops asked."],
      remaining: ["4.7.20"],
    },
    {
      title: "done, by a hop that moved a release",
      scene: { up: { events: moves, run: {} } },
      exitCode: 0,
      ended: [
        `update to 4.7.20 succeeded after 0 s; ${moved}; ${passed}`,
        "run ended: done (exit 0) after 0 s; At the target, settled: nothing left to do.",
      ],
      remaining: [],
    },
    {
      title: "refused by a check after a release has moved",
      scene: { up: { events: moves, run: errors(failedCheck) } },
      exitCode: 3,
      ended: [
        `update to 4.7.20 refused after 0 s; gate rollout (after): fail (NOT_READY); ${moved}; ${passed}`,
        "run ended: refused (exit 3) after 0 s; gate rollout (after): fail (NOT_READY)",
      ],
      remaining: ["4.7.20"],
    },
    {
      title: "refused before any has moved",
      scene: { up: { run: errors(failedCheck.replace('"after"', '"before"')) } },
      exitCode: 3,
      ended: [
        "update to 4.7.20 refused after 0 s; gate rollout (before): fail (NOT_READY)",
        "run ended: refused (exit 3) after 0 s; gate rollout (before): fail (NOT_READY)",
      ],
      remaining: ["4.7.20"],
    },
    {
      title: "interrupted after a release has moved",
      scene: { up: { events: moves, run: { ok: false, interrupted: true } } },
      exitCode: 130,
      ended: [
        `update to 4.7.20 interrupted after 0 s; ${moved}; ${passed}`,
        "run ended: interrupted (exit 130) after 0 s; Interrupted. The same command goes on from here.",
      ],
      remaining: ["4.7.20"],
    },
  ];
  for (const { title, scene, exitCode, ended, remaining } of cases) {
    it(title, async () => {
      const reported = await drive(scene);
      assert.deepEqual(reported.ended, ended);
      assert.deepEqual([reported.result.exitCode, reported.result.remaining], [exitCode, remaining]);
    });
  }

  it("a journal that fails once something has moved does not undo what was done: the ends are tried, and it is said", async () => {
    const tried: JournalEvent[] = [];
    const { result } = await drive({
      up: { events: moves, run: {} },
      journal: {
        keep: (event) => Promise.resolve(void tried.push(event)).then(() => null),
        settle: () => Promise.resolve({ count: tried.length, file: "aside", message: "2 entries are in aside." }),
      },
    });
    assert.deepEqual(
      tried.map(({ kind }) => kind),
      ["update-ended", "run-ended"],
    );
    assert.deepEqual([result.outcome, result.exitCode, result.notes], ["done", 0, ["2 entries are in aside."]]);
    assert.deepEqual(
      result.updates.map(({ outcome }) => outcome),
      ["succeeded"],
    );
  });

  const refusal = new RefusedError("JOURNAL_UNWRITABLE", "full", { next: "Make room." });
  const unwritable: [title: string, journal: Partial<OpenJournal>, updates: string[]][] = [
    ["an update that could not be begun", { append: refuseKind("update-started") }, []],
    ["an update without room for its end", { reserveRoom: () => assert.fail(refusal) }, ["refused"]],
  ];
  for (const [title, journal, updates] of unwritable) {
    it(`${title} moves nothing and is refused`, async () => {
      let moved = false;
      const up = { events: moves, run: {} };
      Object.defineProperty(up, "events", { get: () => ((moved = true), moves) });
      const { result } = await drive({ up, journal });
      assert.deepEqual([result.outcome, result.exitCode, moved], ["refused", 3, false]);
      assert.deepEqual(
        result.refusals.map(({ code }) => code),
        ["JOURNAL_UNWRITABLE"],
      );
      assert.deepEqual(
        result.updates.map(({ outcome }) => outcome),
        updates,
      );
    });
  }

  function refuseKind(refused: JournalEvent["kind"]): OpenJournal["append"] {
    return ({ kind }) => (kind === refused ? Promise.reject(refusal) : Promise.resolve({ hash: "1" } as never));
  }

  it("the result calls a person's no what it always has, and the entry keeps code and message apart", async () => {
    const { result } = await drive({ answers: ["declined"] });
    assert.deepEqual([result.outcome, result.message], ["stopped", "Nobody said yes; nothing was changed."]);
    const { events } = await drive({ ready: () => Promise.reject(locked) });
    const end = { kind: "run-ended", outcome: "not-now", exitCode: 5, seconds: 0, gates: [] };
    assert.deepEqual(events.at(-1), {
      ...end,
      refusals: [{ code: "STACK_LOCKED", message: "Stack prod is locked by ana." }],
    });
  });

  it("a state that cannot be read any more: the failure is told all the same, without what is recorded there", async () => {
    const outputs = (): Promise<never> => Promise.reject(createCutOffError([]));
    const { result } = await drive({ outputs, ready: () => Promise.reject(createCutOffError([])) });
    assert.deepEqual(
      [result.outcome, result.exitCode, result.applied, result.refusals.map(({ code }) => code)],
      ["refused", 2, null, ["STATE_CUT_OFF"]],
    );
    const unread = await drive({ outputs, answers: ["declined"] });
    assert.deepEqual([unread.result.exitCode, unread.ended.length], [2, 1], "not as if it had been read");
  });

  describe("an update that failed says what Helm's records show", () => {
    const old = revision({ revision: 1, chartVersion: "4.6.41" });
    const failed = revision({ revision: 2, chartVersion: "4.7.20", status: "failed" });
    const advice = "Fix what is named and run the same command again; every gate is judged again before it goes on.";
    const killed = { run: errors("signal: killed") };
    for (const [title, scene, expected] of [
      [
        "a killed gate: nothing moved",
        { up: killed, records: [[old], [old]] },
        `Helm's records show that no release moved: hubble at revision 1 (deployed, 4.6.41). ${advice}`,
      ],
      [
        "a release that failed",
        { up: killed, records: [[old], [old, failed]] },
        `Helm's records show what moved: hubble from revision 1 (deployed, 4.6.41) to revision 2 (failed, 4.7.20). hubble 4.7.20 may run in part beside the old version. Its hop is the only next one. ${advice}`,
      ],
      ["a preview, which moves nothing", { preview: errors("signal: killed") }, advice],
    ] as [string, Scene, string][]) {
      it(title, async () => {
        const { refusals } = (await drive(scene)).result;
        assert.deepEqual(
          refusals.map(({ code, next }) => [code, next]),
          [["UPDATE_FAILED", expected]],
        );
      });
    }
  });

  it("what a preview would move is not reported as moved", async () => {
    const { events } = await drive({ up: { run: {} } });
    const end = events.find(({ kind }) => kind === "update-ended");
    assert.deepEqual(end?.kind === "update-ended" && [end.releases, end.pointOfNoReturn], [[], undefined]);
  });
});

describe("how a run started, as the journal has it", () => {
  const cases: [title: string, settings: Record<string, unknown>, more: string][] = [
    ["limits as they come", {}, ""],
    ["a looser limit", { mongo: { maxLag: "15s" } }, "; palette:mongo.maxLag 15s (default 10s)"],
    [
      "two",
      { mongo: { samples: 1 }, pcg: { none: true } },
      "; palette:mongo.samples 1 (default 3); palette:pcg.none true (default false)",
    ],
  ];
  for (const [title, settings, more] of cases) {
    it(title, async () => {
      const { events } = await drive({ settings });
      assert.equal(
        describeEvent(events[0]!),
        `run started: up; target 4.7.20, matrix palette-kubernetes-4.7.20, palette-upgrade 0.1.0${more}`,
      );
    });
  }
});

describe("the cluster that a person confirms", () => {
  const report: PreviewReport = {
    ...createEmptyPreview("prod"),
    step: { kind: "enrol", destination: "4.6.41", declareReleases: false },
    identity,
    confirmsCluster: true,
  };
  const cases: [title: string, answer: "confirmed" | "unasked", environment: string | undefined][] = [
    ["is handed to the update", "confirmed", identity.clusterUid!],
    ["negative twin: with --yes nobody has", "unasked", undefined],
  ];
  for (const [title, answer, uid] of cases) {
    it(title, async () => {
      const given: Record<string, string>[] = [];
      const { result, events } = await drive({
        report,
        answers: [answer],
        onUp: (environment) => void given.push(environment),
      });
      assert.deepEqual(
        given.map((environment) => environment[confirmedClusterVariable]),
        [uid],
      );
      assert.deepEqual(result.identity, identity);
      assert.equal(
        describeEvent(events.find(({ kind }) => kind === "update-started")!),
        `enrol 4.6.41 started: ${describeIdentity(identity)}`,
      );
    });
  }
});
