import assert from "node:assert/strict";
import { windowGate } from "../../../lib/gates/window/gate.js";
import { judgeWindow } from "../../../lib/gates/window/judge.js";
import type { UpdateWindow } from "../../../lib/gates/window/openings.js";
import { FakeClock, inputFor, neverAborted, settingsFor } from "../fake-site.js";
import { nightly } from "./nightly.js";

const judged = (
  now: string,
  windows: UpdateWindow[],
  neededMinutes = 60,
): [outcome: string, code: string, message: string] => {
  const { finding } = judgeWindow({ windows, now: new Date(now), neededMinutes, maxWaitSeconds: 900 });
  return [finding.outcome, finding.code, finding.message];
};

describe("judging update windows", () => {
  const saturday = [nightly({ days: ["saturday"] })];
  const table: [
    title: string,
    now: string,
    windows: UpdateWindow[],
    neededMinutes: number,
    expected: ReturnType<typeof judged>,
  ][] = [
    [
      "open with room",
      "2026-01-10T22:00:00Z",
      saturday,
      60,
      [
        "pass",
        "NOTE",
        "The window is open until 2026-01-11T01:00:00.000Z: 180 minutes are left, and the hop is likely to take 60.",
      ],
    ],
    [
      "room to the minute",
      "2026-01-11T00:00:00Z",
      saturday,
      60,
      [
        "pass",
        "NOTE",
        "The window is open until 2026-01-11T01:00:00.000Z: 60 minutes are left, and the hop is likely to take 60.",
      ],
    ],
    [
      "open without room names the next",
      "2026-01-11T00:01:00Z",
      saturday,
      60,
      [
        "fail",
        "WINDOW_CLOSED",
        "The window that is open closes at 2026-01-11T01:00:00.000Z, in 59 minutes, and the hop is likely to take 60; the next one with room for the hop opens at 2026-01-17T21:00:00.000Z and closes at 2026-01-18T01:00:00.000Z: run this again then.",
      ],
    ],
    [
      "closed, the next far off: not waited for",
      "2026-01-10T20:00:00Z",
      saturday,
      60,
      [
        "fail",
        "WINDOW_CLOSED",
        "No update window is open; the next one with room for the hop opens at 2026-01-10T21:00:00.000Z and closes at 2026-01-11T01:00:00.000Z: run this again then.",
      ],
    ],
    [
      "closed, the next in a quarter of an hour: waited for",
      "2026-01-10T20:45:00Z",
      saturday,
      60,
      [
        "wait",
        "WINDOW_CLOSED",
        "No update window is open; the next one with room for the hop opens at 2026-01-10T21:00:00.000Z and closes at 2026-01-11T01:00:00.000Z: run this again then.",
      ],
    ],
    [
      "the closing moment is closed",
      "2026-01-11T01:00:00Z",
      saturday,
      0,
      [
        "fail",
        "WINDOW_CLOSED",
        "No update window is open; the next one with room for the hop opens at 2026-01-17T21:00:00.000Z and closes at 2026-01-18T01:00:00.000Z: run this again then.",
      ],
    ],
    [
      "no window is long enough",
      "2026-01-10T22:00:00Z",
      saturday,
      300,
      [
        "fail",
        "WINDOW_TOO_SHORT",
        "The window that is open closes at 2026-01-11T01:00:00.000Z, in 180 minutes, and the hop is likely to take 300; no window of the coming week has room for the hop's 300 minutes (the longest has 240): lengthen palette:windows.",
      ],
    ],
  ];
  for (const [title, now, windows, neededMinutes, expected] of table) {
    it(title, () => assert.deepEqual(judged(now, windows, neededMinutes), expected));
  }

  it("the opening moment is open, with all of it left", () => {
    assert.deepEqual(judged("2026-01-10T21:00:00Z", saturday, 240), [
      "pass",
      "NOTE",
      "The window is open until 2026-01-11T01:00:00.000Z: 240 minutes are left, and the hop is likely to take 240.",
    ]);
  });

  it("one that opens now without room is not the next one; one with exactly enough room is", () => {
    const windows = [nightly({ days: ["saturday"], from: "22:00", to: "23:00" }), nightly({ days: ["sunday"] })];
    const message = (now: string, needed: number): string => judged(now, windows, needed)[2];
    assert.match(
      message("2026-01-10T21:00:00Z", 240),
      /opens at 2026-01-11T21:00:00\.000Z and closes at 2026-01-12T01:00/,
    );
    assert.match(message("2026-01-10T21:00:00Z", 241), /the longest has 240\): lengthen/);
  });

  it("keeps what it saw: the opening that is open and the next with room, none where there is none", () => {
    const seen = (now: string, neededMinutes: number): unknown =>
      judgeWindow({ windows: saturday, now: new Date(now), neededMinutes, maxWaitSeconds: 900 }).observed;
    const from = "2026-01-10T21:00:00.000Z";
    const to = "2026-01-11T01:00:00.000Z";
    const now = "2026-01-10T20:00:00.000Z";
    assert.deepEqual(seen(now, 60), { now, open: null, next: { from, to }, neededMinutes: 60 });
    assert.deepEqual(seen(from, 999), { now: from, open: { from, to }, next: null, neededMinutes: 999 });
  });

  it("a zone that nobody knows is unknown", () => {
    const [outcome, code, message] = judged("2026-01-10T22:00:00Z", [nightly({ zone: "Europe/Atlantis" })]);
    assert.deepEqual([outcome, code], ["unknown", "WINDOW_ZONE_UNKNOWN"]);
    assert.match(message, /Europe\/Atlantis/);
  });
});

describe("the gate window", () => {
  const clock = new FakeClock("2026-01-31T08:00:00.000Z");
  const windows = [nightly({ days: ["saturday"] })];

  it("has nothing to judge where no windows are set", async () => {
    const verdict = await windowGate.sample(inputFor({ clock }), neverAborted);
    assert.deepEqual(verdict.reasons, [
      {
        code: "NOT_APPLICABLE",
        member: null,
        message: "palette:windows is not set, so the gate window has nothing to judge on the hop 4.6.41 -> 4.7.20.",
      },
    ]);
  });

  it("holds a hop back, also one in progress, and says how a person may finish that one", async () => {
    const settings = settingsFor({ windows });
    const [fresh, begun] = await Promise.all(
      [false, true].map((resuming) => windowGate.sample(inputFor({ clock, settings, resuming }), neverAborted)),
    );
    for (const { outcome, reasons } of [fresh!, begun!])
      assert.deepEqual([outcome, reasons[0]?.code], ["fail", "WINDOW_CLOSED"]);
    assert.equal(
      begun!.reasons[0]?.message,
      `${fresh!.reasons[0]?.message} This hop is in progress: to finish it outside its window, a person accepts WINDOW_CLOSED of the gate window for this hop in palette:accept.`,
    );
  });

  it("lets a hop in progress go on in an open window as any other", async () => {
    const settings = settingsFor({ windows: [nightly({ from: "00:00", to: "00:00" })] });
    const [fresh, begun] = await Promise.all(
      [false, true].map((resuming) => windowGate.sample(inputFor({ clock, settings, resuming }), neverAborted)),
    );
    assert.deepEqual([begun!.outcome, begun], ["pass", fresh]);
  });

  it("needs room for what the hop is likely to take, so that a minor may not fit where a patch does", async () => {
    const settings = settingsFor({ windows: [nightly({ days: ["saturday"], from: "08:30", to: "09:40" })] });
    const outcomes = await Promise.all(
      [
        { from: "4.6.41", to: "4.6.43" },
        { from: "4.6.41", to: "4.7.20" },
      ].map(async (hop) => {
        const { observed } = await windowGate.sample(inputFor({ clock, settings, ...hop }), neverAborted);
        return (observed as { neededMinutes: number }).neededMinutes;
      }),
    );
    assert.ok(outcomes[0]! < outcomes[1]!, outcomes.join(" < "));
  });

  const slow = { change: "minor" as const, minutes: 100 };
  for (const [title, measured, isLonger] of [
    ["a hop of its kind that was measured here counts more than any rule", [slow], true],
    ["one of another kind tells nothing", [{ ...slow, change: "patch" as const }], false],
  ] as const) {
    it(title, async () => {
      const settings = settingsFor({ windows });
      const needed = async (more: { measured?: (typeof slow)[] }): Promise<number> => {
        const { observed } = await windowGate.sample({ ...inputFor({ clock, settings }), ...more }, neverAborted);
        return (observed as { neededMinutes: number }).neededMinutes;
      };
      const [typical, reported] = [await needed({}), await needed({ measured: [...measured] as (typeof slow)[] })];
      assert.equal(reported > 100, isLonger, `${reported}`);
      assert.equal(reported === typical, !isLonger, `${reported}, typically ${typical}`);
    });
  }
});
