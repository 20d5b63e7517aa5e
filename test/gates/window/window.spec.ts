import assert from "node:assert/strict";
import fc from "fast-check";
import { windowGate } from "../../../lib/gates/window/gate.js";
import { judgeWindow } from "../../../lib/gates/window/judge.js";
import { openingsOf, type UpdateWindow } from "../../../lib/gates/window/openings.js";
import { FakeClock, inputFor, neverAborted, settingsFor } from "../fake-site.js";

const nightly = (change: Partial<UpdateWindow> = {}): UpdateWindow => ({
  days: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
  from: "22:00",
  to: "02:00",
  zone: "Europe/Berlin",
  ...change,
});
const judged = (
  now: string,
  windows: UpdateWindow[],
  neededMinutes = 60,
): [outcome: string, code: string, message: string] => {
  const { finding } = judgeWindow({ windows, now: new Date(now), neededMinutes, patientSeconds: 900 });
  return [finding.outcome, finding.code, finding.message];
};

describe("openings of update windows", () => {
  const table: [title: string, window: UpdateWindow, now: string, expected: [string, string]][] = [
    [
      "over midnight, in winter",
      nightly({ days: ["saturday"] }),
      "2026-01-10T12:00:00Z",
      ["2026-01-10T21:00:00.000Z", "2026-01-11T01:00:00.000Z"],
    ],
    [
      "over midnight, in summer",
      nightly({ days: ["saturday"] }),
      "2026-07-11T12:00:00Z",
      ["2026-07-11T20:00:00.000Z", "2026-07-12T00:00:00.000Z"],
    ],
    [
      "within a day",
      nightly({ days: ["sunday"], from: "08:00", to: "12:30", zone: "America/New_York" }),
      "2026-01-10T12:00:00Z",
      ["2026-01-11T13:00:00.000Z", "2026-01-11T17:30:00.000Z"],
    ],
    [
      "a whole day where both times are the same",
      nightly({ days: ["sunday"], from: "00:00", to: "00:00", zone: "UTC" }),
      "2026-01-10T12:00:00Z",
      ["2026-01-11T00:00:00.000Z", "2026-01-12T00:00:00.000Z"],
    ],
    [
      "the night the clocks go forward is an hour shorter",
      nightly({ days: ["saturday"], from: "22:00", to: "06:00" }),
      "2026-03-28T12:00:00Z",
      ["2026-03-28T21:00:00.000Z", "2026-03-29T04:00:00.000Z"],
    ],
    [
      "the night they go back is an hour longer",
      nightly({ days: ["saturday"], from: "22:00", to: "06:00" }),
      "2026-10-24T12:00:00Z",
      ["2026-10-24T20:00:00.000Z", "2026-10-25T05:00:00.000Z"],
    ],
    [
      "opening at a skipped time: by the clock before, the later instant",
      nightly({ days: ["sunday"], from: "02:30", to: "05:00" }),
      "2026-03-28T22:00:00Z",
      ["2026-03-29T01:30:00.000Z", "2026-03-29T03:00:00.000Z"],
    ],
    [
      "closing at a time that comes twice: the first",
      nightly({ days: ["saturday"], from: "22:00", to: "02:30" }),
      "2026-10-24T12:00:00Z",
      ["2026-10-24T20:00:00.000Z", "2026-10-25T00:30:00.000Z"],
    ],
    [
      "opening at a time that comes twice: the second",
      nightly({ days: ["sunday"], from: "02:30", to: "05:00" }),
      "2026-10-24T22:00:00Z",
      ["2026-10-25T01:30:00.000Z", "2026-10-25T04:00:00.000Z"],
    ],
  ];
  for (const [title, window, now, expected] of table) {
    it(title, () => {
      const openings = openingsOf([window], new Date(now), 2);
      assert.deepEqual(
        openings.map(({ from, to }) => [from.toISOString(), to.toISOString()]),
        [expected],
      );
    });
  }

  it("windows that touch or overlap are one opening", () => {
    const windows = [
      nightly({ days: ["friday"], from: "20:00", to: "00:00", zone: "UTC" }),
      nightly({ days: ["saturday"], from: "00:00", to: "04:00", zone: "UTC" }),
    ];
    const openings = openingsOf(windows, new Date("2026-01-09T12:00:00Z"), 2);
    assert.deepEqual(openings, [{ from: new Date("2026-01-09T20:00:00Z"), to: new Date("2026-01-10T04:00:00Z") }]);
  });

  it("a moment is open exactly where a wall clock in the zone shows a time of the window (no change of clocks near)", () => {
    const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
    fc.assert(
      fc.property(minute, minute, fc.integer({ min: 0, max: 6 * 1440 }), (from, to, offset) => {
        fc.pre(from !== to);
        const clock = (value: number): string =>
          `${String(Math.floor(value / 60)).padStart(2, "0")}:${String(value % 60).padStart(2, "0")}`;
        const now = new Date(Date.parse("2026-01-12T00:00:00Z") + offset * 60_000);
        const wall = (now.getUTCHours() * 60 + now.getUTCMinutes() + 60) % 1440;
        const inside = from < to ? from <= wall && wall < to : wall >= from || wall < to;
        const open = openingsOf([nightly({ from: clock(from), to: clock(to) })], now, 2).some(
          (opening) => opening.from <= now && now < opening.to,
        );
        assert.equal(open, inside);
      }),
    );
  });
});

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

  it("holds a hop back, and never one that was begun", async () => {
    const settings = settingsFor({ windows });
    const [fresh, begun] = await Promise.all(
      [false, true].map((resuming) => windowGate.sample(inputFor({ clock, settings, resuming }), neverAborted)),
    );
    assert.deepEqual([fresh!.outcome, fresh!.reasons[0]?.code], ["fail", "WINDOW_CLOSED"]);
    assert.deepEqual(
      [begun!.outcome, begun!.reasons[0]?.message],
      ["pass", "The hop was begun already: a hop in flight is never held back by a window."],
    );
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
});
