import assert from "node:assert/strict";
import { getGateByName } from "../../../lib/gates/registry.js";
import { gateNames } from "../../../lib/planning/rules/types.js";
import type { GateName } from "../../../lib/gates/verdict/types.js";
import { getGateTiming } from "../../../lib/gates/run/timing.js";
import {
  defaultGateSettings,
  gateSettingsSchema,
  toGateSettings,
  type GateSettings,
} from "../../../lib/settings/gate-settings.js";
import { settingsSchema } from "../../../lib/settings/schema.js";

const required = { target: "4.8.47", matrix: "m", clusterIdentifier: "c" };
const common = (
  deadlineSeconds: number | null,
  intervalSeconds: number | null,
  samples: number | null = null,
): GateSettings => ({ ...defaultGateSettings, gates: { deadlineSeconds, intervalSeconds, samples } });

describe("getGateTiming", () => {
  for (const name of gateNames) {
    it(`${name}: the settings' defaults change nothing of what it has by itself`, () => {
      const settings = toGateSettings(settingsSchema.parse(required), null);
      assert.deepEqual(
        getGateTiming(getGateByName(name), settings),
        getGateTiming(getGateByName(name), defaultGateSettings),
      );
    });
  }

  const table: [string, number, number][] = [
    ["backup", 77, 7],
    ["window", 77, 7],
    ["promotion", 77, 7],
    ["own-check", 77, 7],
    ["ingress", 77, 7],
    ["ingress-exposure", 77, 7],
    ["kubernetes-version", 77, 7],
    ["values", 77, 7],
    ["images", 77, 7],
    // Settings of their own come first.
    ["helm-release", 3600, 7],
    ["pcg-readiness", 77, 60],
    ["rollout", 1800, 10],
    ["mongo-replica-set", 900, 10],
    ["mongo-fcv", 900, 10],
    ["pcg-catch-up", 1800 + 3600 + 2 * 900, 60],
  ];
  for (const [name, deadlineSeconds, intervalSeconds] of table) {
    it(`${name}: with 77 s and 7 s for gates in common, ${deadlineSeconds} s and ${intervalSeconds} s`, () => {
      const { samples } = getGateByName(name).timing;
      assert.deepEqual(getGateTiming(getGateByName(name), common(77, 7)), {
        deadlineSeconds,
        intervalSeconds,
        samples,
      });
    });
  }

  /** Passing samples in a row with 4 for gates in common, and with 5, 6 and 7 for MongoDB, gateways and roll-out. */
  const samplings: Record<string, number> = {
    ...Object.fromEntries(gateNames.map((name) => [name, 4])),
    "mongo-replica-set": 5,
    "pcg-readiness": 6,
    "pcg-catch-up": 6,
    rollout: 7,
  };
  for (const [name, samples] of Object.entries(samplings)) {
    it(`${name}: ${samples} passing samples in a row, as its settings say`, () => {
      const settings = toGateSettings(
        settingsSchema.parse({
          ...required,
          gates: { samples: 4 },
          mongo: { samples: 5 },
          pcg: { samples: 6 },
          rollout: { samples: 7 },
        }),
        null,
      );
      assert.equal(getGateTiming(getGateByName(name as GateName), settings).samples, samples);
    });
  }

  it("the table has every gate", () => {
    assert.deepEqual(table.map(([name]) => name).sort(), [...gateNames].sort());
  });

  it("one of the two alone leaves the other as it is", () => {
    const { intervalSeconds } = getGateByName("backup").timing;
    assert.deepEqual(getGateTiming(getGateByName("backup"), common(77, null)), {
      deadlineSeconds: 77,
      intervalSeconds,
      samples: 1,
    });
  });

  it("palette:gates.deadline and palette:gates.interval reach the gate's process", () => {
    const settings = settingsSchema.parse({ ...required, gates: { deadline: "77s", interval: "7s" } });
    assert.deepEqual(toGateSettings(settings, null).gates, { deadlineSeconds: 77, intervalSeconds: 7, samples: null });
  });

  const refused: [title: string, key: string, part: Record<string, unknown>][] = [
    ["no time", "gates", { deadline: "0s" }],
    ["a negative time", "gates", { deadline: "-1s" }],
    ["a time without a unit", "gates", { interval: 7 }],
    ...["gates", "mongo", "pcg", "rollout"].flatMap((key) =>
      [0, 1.5, -1].map((samples): [string, string, Record<string, unknown>] => [
        `${samples} samples`,
        key,
        { samples },
      ]),
    ),
  ];
  for (const [title, key, part] of refused) {
    it(`palette:${key} with ${title} is refused, in the stack and by the gate's process`, () => {
      assert.equal(settingsSchema.safeParse({ ...required, [key]: part }).success, false);
      assert.equal(gateSettingsSchema.safeParse({ [key]: part }).success, false);
    });
  }

  it("negative twin: a time with its unit and a whole number of samples are taken", () => {
    const part = { gates: { deadline: "1s", interval: "500ms", samples: 2 } };
    assert.equal(settingsSchema.safeParse({ ...required, ...part }).success, true);
    assert.equal(gateSettingsSchema.safeParse(part).success, true);
  });
});
