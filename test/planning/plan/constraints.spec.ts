import assert from "node:assert/strict";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import type { AvoidedStop } from "../../../lib/planning/rules/rules.js";
import type { PlanRequest } from "../../../lib/planning/plan/types.js";
import { matrixOf, planOf, stopsOf, warned } from "./synthetic-matrix.js";

const seed = loadMatrix("palette-kubernetes-4.7.20");

describe("via and avoid", () => {
  const rows: [title: string, from: string, to: string, more: Partial<PlanRequest>, stops: string][] = [
    ["one stop", "4.5.20", "4.7.20", { via: ["4.5.21"] }, "4.5.21 4.5.23 4.6.41 4.7.20"],
    ["several, in any order", "4.5.20", "4.7.20", { via: ["4.6.13", "4.5.21"] }, "4.5.21 4.6.13 4.6.41 4.7.20"],
    ["a stop twice is one", "4.5.20", "4.7.20", { via: ["4.6.13", "v4.6.13"] }, "4.5.21 4.6.13 4.6.41 4.7.20"],
    ["source and target as stops change nothing", "4.6.6", "4.7.20", { via: ["4.6.6", "4.7.20"] }, "4.6.41 4.7.20"],
    ["the target's series is entered by way of the stop", "4.6.6", "4.7", { via: ["4.7.3"] }, "4.6.41 4.7.3 4.7.20"],
    [
      "fewest hops through a stop",
      "4.5.20",
      "4.7.20",
      { via: ["4.6.13"], strategy: "fewest-hops" },
      "4.6.13 4.6.41 4.7.20",
    ],
    ["round one", "4.5.20", "4.7.20", { avoid: ["4.5.23"] }, "4.5.21 4.6.41 4.7.20"],
    ["round two", "4.5.15", "4.7.20", { avoid: ["4.5.23", "4.5.21"] }, "4.5.20 4.6.41 4.7.20"],
    ["the installed version cannot be avoided", "4.6.41", "4.7.20", { avoid: ["4.6.41"] }, "4.7.20"],
    ["a range leaves out what is avoided", "4.6.6", "4.6", { avoid: ["4.6.41"] }, "4.6.32"],
    ["both", "4.5.20", "4.7.20", { via: ["4.6.32"], avoid: ["4.5.23"] }, "4.5.21 4.6.32 4.6.41 4.7.20"],
  ];
  for (const [title, from, to, more, stops] of rows) {
    it(`${title}: ${from} -> ${to} = ${stops}`, () => assert.equal(stopsOf(planOf(seed, from, to, more)), stops));
  }

  const refusals: [
    title: string,
    from: string,
    to: string,
    more: Partial<PlanRequest>,
    code: string,
    message: string,
  ][] = [
    [
      "a stop that leads nowhere",
      "4.5.20",
      "4.7.20",
      { via: ["4.6.43"] },
      "VIA_NOT_ON_ROUTE",
      "4.6.43 (via) is on no supported route from 4.5.20 to 4.7.20 in palette-kubernetes-4.7.20: no route leads on from it to 4.7.20; without via the route is 4.5.23, 4.6.41 and 4.7.20; leave 4.6.43 out of via or name another stop.",
    ],
    [
      "a stop that nothing leads to",
      "4.6.6",
      "4.7.20",
      { via: ["4.6.36"] },
      "VIA_NOT_ON_ROUTE",
      "4.6.36 (via) is on no supported route from 4.6.6 to 4.7.20 in palette-kubernetes-4.7.20: no route leads to it from 4.6.6; without via the route is 4.6.41 and 4.7.20; leave 4.6.36 out of via or name another stop.",
    ],
    [
      "a stop past the target",
      "4.6.6",
      "4.6.41",
      { via: ["4.7.20"] },
      "VIA_NOT_ON_ROUTE",
      "4.7.20 (via) is on no supported route from 4.6.6 to 4.6.41 in palette-kubernetes-4.7.20: it is newer than 4.6.41; without via the route is 4.6.41; leave 4.7.20 out of via or name another stop.",
    ],
    [
      "a stop past the target that is reached already",
      "4.6.41",
      "4.6.41",
      { via: ["4.7.20"] },
      "VIA_NOT_ON_ROUTE",
      "4.7.20 (via) is on no supported route from 4.6.41 to 4.6.41 in palette-kubernetes-4.7.20: it is newer than 4.6.41; without via nothing needs to be done; leave 4.7.20 out of via or name another stop.",
    ],
    [
      "a stop nobody lists",
      "4.6.6",
      "4.7.20",
      { via: ["4.6.40"] },
      "VIA_NOT_ON_ROUTE",
      "4.6.40 (via) is on no supported route from 4.6.6 to 4.7.20 in palette-kubernetes-4.7.20: it is not listed there, the nearest listed releases are 4.6.36 and 4.6.41; without via the route is 4.6.41 and 4.7.20; leave 4.6.40 out of via or name another stop.",
    ],
    [
      "stops that do not follow each other",
      "4.5.21",
      "4.7.20",
      { via: ["4.5.23", "4.6.6"] },
      "VIA_NOT_ON_ROUTE",
      "4.6.6 (via) is on no supported route from 4.5.21 to 4.7.20 in palette-kubernetes-4.7.20: no route leads to it from 4.5.23; without via the route is 4.5.23, 4.6.41 and 4.7.20; leave 4.6.6 out of via or name another stop.",
    ],
    [
      "the only way in is avoided",
      "4.5.20",
      "4.7.20",
      { avoid: ["4.6.41", "4.5.23"] },
      "AVOID_LEAVES_NO_ROUTE",
      "Avoiding 4.6.41 leaves no supported route from 4.5.20 to 4.7.20 in palette-kubernetes-4.7.20: without avoid the route is 4.5.23, 4.6.41 and 4.7.20; allow 4.6.41.",
    ],
    [
      "the target itself is avoided",
      "4.5.20",
      "4.7.20",
      { avoid: ["4.7.20"] },
      "AVOID_LEAVES_NO_ROUTE",
      "Avoiding 4.7.20 leaves no supported route from 4.5.20 to 4.7.20 in palette-kubernetes-4.7.20: the target itself is to be avoided; allow 4.7.20 or choose another target.",
    ],
    [
      "all that fits is avoided",
      "4.6.41",
      "4.7",
      { avoid: ["4.7.3", "4.7.15", "4.7.20"] },
      "AVOID_LEAVES_NO_ROUTE",
      'Avoiding 4.7.3, 4.7.15 and 4.7.20 leaves no supported route from 4.6.41 to a release that fits "4.7" in palette-kubernetes-4.7.20: without avoid the route is 4.7.20; allow 4.7.3, 4.7.15 or 4.7.20.',
    ],
  ];
  for (const [title, from, to, more, code, message] of refusals) {
    it(`${title}: ${code}`, () => {
      const { outcome, refusal, hops } = planOf(seed, from, to, more);
      assert.equal(outcome, "refused");
      assert.deepEqual(hops, []);
      assert.equal(refusal!.message, message);
      assert.equal(refusal!.code, code);
    });
  }

  it("no route without the constraint either: the rows are at fault, and said to be", () => {
    for (const more of [{ via: ["4.6.43"] }, { avoid: ["4.6.41"] }]) {
      assert.equal(planOf(seed, "4.6.34", "4.7.20", more).refusal!.code, "NO_ROUTE");
    }
  });

  it("facts of a refusal by avoid are those of the routes that are left", () => {
    const refusal = planOf(seed, "4.5.23", "4.7.20", { avoid: ["4.6.41"] }).refusal!;
    assert.deepEqual(refusal.frontier, ["4.6.34", "4.6.43"]);
    assert.equal(refusal.highestReachable, "4.6.43");
    assert.deepEqual(refusal.nearest, ["4.7.3"]);
    assert.ok(!refusal.reachable.includes("4.6.41"));
  });

  it("several to avoid, of which no single one opens the way", () => {
    const matrix = matrixOf("1.0.0 > 1.0.1 1.0.2\n1.0.1 > 1.1.0\n1.0.2 > 1.1.0\n1.1.0 > 1.2.0");
    const { message } = planOf(matrix, "1.0.0", "1.2.0", { avoid: ["1.0.1", "1.0.2", "1.1.0"] }).refusal!;
    assert.equal(
      message,
      "Avoiding 1.0.1, 1.0.2 and 1.1.0 leaves no supported route from 1.0.0 to 1.2.0 in palette-kubernetes-small: without avoid the route is 1.0.2, 1.1.0 and 1.2.0; allow some of 1.0.1, 1.0.2 and 1.1.0.",
    );
  });

  it("a stop behind the installed version is passed: it binds nothing, and is said so", () => {
    const plan = planOf(seed, "4.6.41", "4.7.20", { via: ["4.5.23", "4.6.41"] });
    assert.equal(stopsOf(plan), "4.7.20");
    assert.deepEqual(warned(plan, "VIA_PASSED"), [
      "The stop 4.5.23 (via) is older than 4.6.41, so it lies behind and does not bind this route.",
    ]);
  });

  it("a version to avoid that nobody lists is said so", () => {
    assert.deepEqual(warned(planOf(seed, "4.6.41", "4.7.20", { avoid: ["4.6.42"] }), "AVOID_UNKNOWN"), [
      "4.6.42 (avoid) is not listed in palette-kubernetes-4.7.20, so it is avoided anyway; check that it is written right.",
    ]);
    assert.deepEqual(warned(planOf(seed, "4.6.41", "4.7.20", { avoid: ["4.6.43"] }), "AVOID_UNKNOWN"), []);
  });

  it("one version in both is CONSTRAINTS_CONTRADICT", () => {
    assert.throws(() => planOf(seed, "4.5.20", "4.7.20", { via: ["4.6.41"], avoid: ["4.6.41"] }), {
      code: "CONSTRAINTS_CONTRADICT",
      exitCode: 2,
      message: "via and avoid: both name 4.6.41.",
    });
  });

  for (const [key, series] of [
    ["via", "4.6"],
    ["avoid", "4.6.x"],
  ] as const) {
    it(`a series in ${key} is VERSION_INVALID`, () => {
      assert.throws(() => planOf(seed, "4.5.20", "4.7.20", { [key]: [series] }), {
        code: "VERSION_INVALID",
        message: `${key}: "${series}" is not a Palette version.`,
      });
    });
  }
});

describe("advisories that steer", () => {
  const advisory: AvoidedStop = { range: ">=4.6.40 <4.6.42", id: "bad-4.6.41", summary: "It breaks things." };
  const other: AvoidedStop = { range: "4.5.23", id: "bad-4.5.23", summary: "It loses data" };
  const steer = (stops: AvoidedStop[]): { listAvoidedStops: () => AvoidedStop[] } => ({
    listAvoidedStops: () => stops,
  });

  it("go round a stop where another route exists, and say so", () => {
    const plan = planOf(seed, "4.5.20", "4.7.20", {}, steer([other]));
    assert.equal(stopsOf(plan), "4.5.21 4.6.41 4.7.20");
    assert.deepEqual(warned(plan, "STEERED"), [
      "The route goes round 4.5.23 (bad-4.5.23): It loses data. Without that advisory it would be 4.5.23, 4.6.41 and 4.7.20.",
    ]);
    assert.deepEqual(warned(plan, "AVOIDED_STOP"), []);
  });

  it("negative twin: without the advisory the route stops there", () => {
    const plan = planOf(seed, "4.5.20", "4.7.20");
    assert.equal(stopsOf(plan), "4.5.23 4.6.41 4.7.20");
    assert.deepEqual(warned(plan, "STEERED"), []);
  });

  it("take a stop that no route goes round, and say so; others are still gone round", () => {
    const plan = planOf(seed, "4.5.20", "4.7.20", {}, steer([advisory, other]));
    assert.equal(stopsOf(plan), "4.5.21 4.6.41 4.7.20");
    assert.deepEqual(warned(plan, "AVOIDED_STOP"), [
      "4.6.41 is a version to avoid (bad-4.6.41): It breaks things. No route from 4.5.20 to 4.7.20 in palette-kubernetes-4.7.20 makes fewer such stops.",
    ]);
    assert.equal(warned(plan, "STEERED").length, 1);
  });

  it("never move the target, but warn of it", () => {
    const plan = planOf(seed, "4.6.6", "4.6.41", {}, steer([advisory]));
    assert.equal(stopsOf(plan), "4.6.41");
    assert.deepEqual(warned(plan, "AVOIDED_STOP"), [
      "4.6.41 is a version to avoid (bad-4.6.41): It breaks things. It is the target, so the route ends there.",
    ]);
  });

  it("yield to a stop that was asked for", () => {
    const plan = planOf(seed, "4.5.20", "4.7.20", { via: ["4.5.23"] }, steer([other]));
    assert.equal(stopsOf(plan), "4.5.23 4.6.41 4.7.20");
    assert.deepEqual(warned(plan, "AVOIDED_STOP"), [
      "4.5.23 is a version to avoid (bad-4.5.23): It loses data. It was asked for as a stop (via).",
    ]);
  });

  it("say nothing of where one stands already", () => {
    const plan = planOf(seed, "4.6.41", "4.7.20", {}, steer([advisory]));
    assert.deepEqual([...warned(plan, "AVOIDED_STOP"), ...warned(plan, "STEERED")], []);
  });

  it("steer fewest-hops too, at the price of a hop", () => {
    const matrix = matrixOf("1.0.0 > 1.0.1 1.0.2\n1.0.1 > 1.0.3\n1.0.2 > 1.1.0\n1.0.3 > 1.1.0");
    const bad = { range: "1.0.2", id: "bad", summary: "No." };
    assert.equal(stopsOf(planOf(matrix, "1.0.0", "1.1.0", { strategy: "fewest-hops" })), "1.0.2 1.1.0");
    assert.equal(
      stopsOf(planOf(matrix, "1.0.0", "1.1.0", { strategy: "fewest-hops" }, steer([bad]))),
      "1.0.1 1.0.3 1.1.0",
    );
  });
});
