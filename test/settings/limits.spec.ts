import assert from "node:assert/strict";
import { formatCompactDuration } from "../../lib/base/time/duration.js";
import { limits, type Limit } from "../../lib/settings/limits.js";
import { describeLoosened, listLoosened } from "../../lib/settings/loosened.js";
import { settingsSchema, type Settings } from "../../lib/settings/schema.js";
import { parseSettings } from "../../lib/settings/settings.js";

const needed = { target: "4.7.20", matrix: "palette-kubernetes-4.7.20", clusterIdentifier: "c" };
const raw = Object.fromEntries(Object.entries(needed).map(([key, value]) => [`palette:${key}`, value]));

interface Row {
  group: string;
  name: string;
  limit: Limit;
  isCount: boolean;
}

const rows: Row[] = Object.entries(limits).flatMap(([group, names]) =>
  Object.entries(names).map(([name, limit]: [string, Limit]) => ({ group, name, limit, isCount: name === "samples" })),
);

const write = ({ isCount }: Row, value: number): string | number => (isCount ? value : formatCompactDuration(value));

function parse({ group, name }: Row, value: string | number): Settings {
  return parseSettings({ ...raw, [`palette:${group}`]: JSON.stringify({ [name]: value }) }, null);
}

describe("limits of the settings", () => {
  for (const row of rows) {
    const { group, name, limit, isCount } = row;
    const key = `palette:${group}.${name}`;
    const step = isCount ? 1 : limit.least < 1 ? 0.05 : 1;
    const range = `a ${isCount ? "whole number" : "duration"} from ${write(row, limit.least)} to ${write(row, limit.most)}`;

    for (const value of [limit.least, limit.most]) {
      it(`${key} takes its bound ${write(row, value)}`, () => {
        const group = parse(row, write(row, value))[row.group as "mongo"] as unknown as Record<string, number>;
        assert.equal(group[isCount ? name : `${name}Seconds`], value);
      });
    }

    for (const value of [limit.least - step, limit.most + step].filter((value) => value >= 0)) {
      it(`${key} refuses ${write(row, value)}`, () => {
        const written = JSON.stringify(write(row, value));
        assert.throws(() => parse(row, write(row, value)), {
          code: "SETTINGS_INVALID",
          message: `The stack's configuration is not valid:\n  - ${key}: found ${written}; write ${range}.`,
        });
      });
    }
  }

  it("a check's timeout has bounds too", () => {
    const check = (timeout: string): string =>
      JSON.stringify([{ name: "a", when: "before", command: ["true"], timeout }]);
    assert.equal(parseSettings({ ...raw, "palette:checks": check("1h") }, null).checks[0]?.timeoutSeconds, 3600);
    assert.throws(() => parseSettings({ ...raw, "palette:checks": check("3601s") }, null), {
      message:
        'The stack\'s configuration is not valid:\n  - palette:checks[0].timeout: found "3601s"; write a duration from 1s to 1h.',
    });
  });
});

describe("settings that prove less than their defaults", () => {
  const listed = (change: Record<string, unknown>): string[] =>
    listLoosened(settingsSchema.parse({ ...needed, ...change })).map(describeLoosened);

  const cases: [title: string, change: Record<string, unknown>, lines: string[]][] = [
    ["the defaults", {}, []],
    ["a longer lag", { mongo: { maxLag: "15s" } }, ["palette:mongo.maxLag 15s (default 10s)"]],
    ["negative twin: a shorter lag", { mongo: { maxLag: "5s" } }, []],
    ["negative twin: the default, written", { mongo: { maxLag: "10s", samples: 3 } }, []],
    ["fewer samples", { mongo: { samples: 2 } }, ["palette:mongo.samples 2 (default 3)"]],
    ["negative twin: more samples", { mongo: { samples: 4 } }, []],
    ["less time away", { mongo: { downtime: "30m" } }, ["palette:mongo.downtime 30m (default 1h)"]],
    ["negative twin: more time away", { mongo: { downtime: "2h" } }, []],
    ["an older backup", { backup: { maxAge: "3d" } }, ["palette:backup.maxAge 3d (default 24h)"]],
    ["no hold", { promotion: { hold: "0s" } }, ["palette:promotion.hold 0s (default 24h)"]],
    ["longer deadlines", { pcg: { deadline: "2h" } }, ["palette:pcg.deadline 2h (default 1h)"]],
    ["negative twin: intervals", { mongo: { interval: "1m" }, rollout: { interval: "1s" } }, []],
    ["a common limit", { gates: { samples: 2 } }, ["palette:gates.samples 2 (default each gate's own)"]],
    ["nobody asks for gateways", { pcg: { none: true } }, ["palette:pcg.none true (default false)"]],
    [
      "several, sorted",
      { rollout: { samples: 1 }, helm: { timeout: "2h" } },
      ["palette:helm.timeout 2h (default 1h)", "palette:rollout.samples 1 (default 2)"],
    ],
  ];
  for (const [title, change, lines] of cases) {
    it(title, () => assert.deepEqual(listed(change), lines));
  }
});
