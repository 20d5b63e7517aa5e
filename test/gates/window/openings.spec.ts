import assert from "node:assert/strict";
import fc from "fast-check";
import { listOpenings, type UpdateWindow } from "../../../lib/gates/window/openings.js";
import { nightly } from "./nightly.js";

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
      const openings = listOpenings([window], new Date(now), 2);
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
    const openings = listOpenings(windows, new Date("2026-01-09T12:00:00Z"), 2);
    assert.deepEqual(openings, [{ from: new Date("2026-01-09T20:00:00Z"), to: new Date("2026-01-10T04:00:00Z") }]);
  });

  it("… in whatever order they are given, one that lies within another included; others stay apart, oldest first", () => {
    const of = (from: string, to: string): UpdateWindow => nightly({ days: ["saturday"], from, to, zone: "UTC" });
    const spans = listOpenings(
      [of("20:00", "21:00"), of("08:00", "12:00"), of("06:00", "18:00"), of("04:00", "05:00")],
      new Date("2026-01-09T12:00:00Z"),
      2,
    ).map(({ from, to }) => [from.toISOString().slice(5, 16), to.toISOString().slice(5, 16)]);
    assert.deepEqual(spans, [
      ["01-10T04:00", "01-10T05:00"],
      ["01-10T06:00", "01-10T18:00"],
      ["01-10T20:00", "01-10T21:00"],
    ]);
  });

  it("one whose times are both skipped, or come twice, does not open that night", () => {
    const none = (now: string): unknown[] =>
      listOpenings([nightly({ days: ["sunday"], from: "02:10", to: "02:50" })], new Date(now), 2);
    assert.deepEqual(none("2026-03-28T22:00:00Z"), []);
    assert.deepEqual(none("2026-10-24T22:00:00Z"), []);
  });

  it("a zone that is asked for again is read as before", () => {
    const once = listOpenings(
      [nightly({ days: ["saturday"], zone: "Asia/Kolkata" })],
      new Date("2026-01-10T00:00:00Z"),
      2,
    );
    const twice = listOpenings(
      [nightly({ days: ["saturday"], zone: "Asia/Kolkata" })],
      new Date("2026-01-10T00:00:00Z"),
      2,
    );
    assert.deepEqual(once, twice);
    assert.deepEqual(once.map(({ from }) => from.toISOString()), ["2026-01-10T16:30:00.000Z"]); // prettier-ignore
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
        const open = listOpenings([nightly({ from: clock(from), to: clock(to) })], now, 2).some(
          (opening) => opening.from <= now && now < opening.to,
        );
        assert.equal(open, inside);
      }),
    );
  });
});
