import assert from "node:assert/strict";
import { loadMatrix, loadShippedMatrices } from "../../../lib/planning/matrix/load.js";
import { listSkippedMinors } from "../../../lib/planning/plan/expand.js";
import { isDeadEnd, nextHop, planRoute, reachabilityOf } from "../../../lib/planning/plan/plan.js";
import { type Strategy } from "../../../lib/planning/rules/site-facts.js";
import { stopsOf } from "./synthetic-matrix.js";

const seed = loadMatrix("palette-kubernetes-4.7.20");
const today = "2026-11-21";

const foundRoutes: [from: string, to: string, strategy: Strategy, pcgs: boolean | undefined, stops: string][] = [
  ["4.1.12", "4.7.20", "guideline", undefined, "4.2.7 4.2.13 4.3.6 4.4.20 4.5.23 4.6.41 4.7.20"],
  ["4.1.12", "4.7.20", "fewest-hops", undefined, "4.2.7 4.2.13 4.3.6 4.4.20 4.5.23 4.6.41 4.7.20"],
  ["4.5.20", "4.7.20", "guideline", undefined, "4.5.23 4.6.41 4.7.20"],
  ["4.5.20", "4.7.20", "fewest-hops", undefined, "4.6.41 4.7.20"],
  ["4.5.20", "4.7.20", "fewest-hops", true, "4.6.41 4.7.20"],
  ["4.5.20", "4.7.20", "fewest-hops", false, "4.6.41 4.7.20"],
  ["4.4.24", "4.7.20", "guideline", undefined, "4.6.41 4.7.20"],
  ["4.4.24", "4.7.20", "fewest-hops", true, "4.6.41 4.7.20"],
  ["4.6.6", "4.6.43", "guideline", undefined, "4.6.43"],
  ["4.7.3", "4.7.20", "guideline", undefined, "4.7.20"],
];

describe("routes of the Kubernetes page up to 4.7.20", () => {
  for (const [from, to, strategy, pcgs, stops] of foundRoutes) {
    it(`${from} -> ${to} by ${strategy}${pcgs === undefined ? "" : pcgs ? " with PCGs" : " without PCGs"}: ${stops}`, () => {
      const plan = planRoute({ from, to, matrix: seed, strategy, facts: { pcgs }, today });
      assert.equal(plan.outcome, "route");
      assert.equal(plan.to, to);
      assert.equal(stopsOf(plan), stops);
      assert.deepEqual(nextHop(plan), plan.hops[0]);
    });
  }

  it("4.6.43 leads nowhere: no route to 4.7.20 stops at it, from any of the 36 versions that have one", () => {
    const older = reachabilityOf(seed).versions.filter((version) => version !== "4.7.20");
    const plans = older.map((from) => planRoute({ from, to: "4.7.20", matrix: seed, today }));
    const routes = plans.filter((plan) => plan.outcome === "route");
    assert.deepEqual([older.length, routes.length], [38, 36]);
    for (const plan of routes) assert.ok(!stopsOf(plan).includes("4.6.43"), plan.from);
    const refused = plans.filter((plan) => plan.outcome === "refused").map((plan) => plan.from);
    assert.deepEqual(refused, ["4.6.34", "4.6.43"]);
  });

  it("negative twin: 4.6.43 is reached where it is the target", () => {
    assert.equal(stopsOf(planRoute({ from: "4.5.23", to: "4.6.43", matrix: seed, today })), "4.6.43");
  });
});

describe("reachability", () => {
  const whoReaches: [id: string, versions: string][] = [
    [
      "palette-kubernetes-4.9.51",
      "4.7.27 4.7.29 4.7.31 4.7.38 4.7.39 4.8.8 4.8.9 4.8.12 4.8.16 4.8.22 4.8.25 4.8.33 4.8.35 4.8.37 4.8.39 4.8.47 4.8.51 4.8.52 4.8.56 4.8.61 4.8.62 4.9.14",
    ],
    ["palette-vmware-4.9.51", "4.8.52 4.8.56 4.8.61 4.8.62 4.9.14"],
    ["palette-appliance-4.9.51", "4.8.52 4.8.56 4.8.61 4.8.62 4.9.14"],
  ];
  for (const [id, versions] of whoReaches) {
    it(`${id}: ${versions.split(" ").length} versions reach 4.9.51`, () => {
      assert.equal(reachabilityOf(loadMatrix(id)).to("4.9.51").join(" "), versions);
    });
  }

  it("leads up only, includes standing still, and knows nothing of versions not listed", () => {
    const reachability = reachabilityOf(seed);
    assert.ok(reachability.reaches("4.6.41", "4.7.20"));
    assert.ok(reachability.reaches("4.6.41", "4.6.41"));
    assert.ok(!reachability.reaches("4.7.20", "4.6.41"));
    assert.ok(!reachability.reaches("4.7.21", "4.7.21"));
    assert.deepEqual(reachability.from("4.6.41"), ["4.6.43", "4.7.3", "4.7.15", "4.7.20"]);
    assert.deepEqual(reachability.from("4.6.42"), []);
  });
});

describe("dead ends", () => {
  const rows: [version: string, id: string, dead: boolean][] = [
    ["4.7.20", "palette-kubernetes-4.7.20", false],
    ["4.7.20", "palette-kubernetes-4.9.51", true],
    ["4.6.43", "palette-kubernetes-4.7.20", true],
    ["4.6.43", "palette-kubernetes-4.9.51", true],
    ["4.6.41", "palette-kubernetes-4.7.20", false],
    ["4.6.34", "palette-kubernetes-4.7.20", true],
    ["4.7.16", "palette-kubernetes-4.7.20", false],
    ["4.9.51", "palette-kubernetes-4.9.51", false],
    ["4.9.46", "palette-kubernetes-4.9.51", true],
  ];
  for (const [version, id, dead] of rows) {
    it(`${version} is ${dead ? "one" : "none"} in ${id}`, () => assert.equal(isDeadEnd(version, loadMatrix(id)), dead));
  }
});

describe("planRoute", () => {
  it("names the same skipped minors in hops and warnings", () => {
    const plan = planRoute({ from: "4.4.24", to: "4.7.20", matrix: seed, today });
    assert.deepEqual(plan.hops[0]!.skips, ["4.5"]);
    assert.deepEqual(listSkippedMinors("4.4.24", "4.6.41", [...reachabilityOf(seed).versions]), ["4.5"]);
    assert.deepEqual(
      plan.warnings.filter(({ code }) => code === "SKIPPED_MINOR"),
      [
        {
          code: "SKIPPED_MINOR",
          message: "The hop 4.4.24 -> 4.6.41 skips 4.5: read the notes of the 4.5 releases too before going on.",
        },
      ],
    );
  });

  it("puts notices of its caller in their place and keeps site facts for the expansion", () => {
    const notices = [{ code: "DEFAULT_MATRIX", message: "The newest." }];
    const plan = planRoute({ from: "4.6.41", to: "4.7.20", matrix: seed, today, notices, facts: { pcgs: false } });
    assert.deepEqual(
      plan.warnings.map(({ code }) => code),
      ["DEAD_END", "DEFAULT_MATRIX", "PAGE_RULE"],
    );
    assert.ok(plan.hops[0]!.gates.every((gate) => !gate.name.startsWith("pcg-")));
    const withPcgs = planRoute({ from: "4.6.41", to: "4.7.20", matrix: seed, today, facts: { pcgs: true } });
    assert.ok(withPcgs.hops[0]!.gates.some((gate) => gate.name === "pcg-readiness" && gate.mandatory));
  });

  it("tells the age of the data in whole days", () => {
    assert.equal(planRoute({ from: "4.6.41", to: "4.7.20", matrix: seed, today: "2026-12-01" }).matrix.ageDays, 10);
    assert.equal(planRoute({ from: "4.6.41", to: "4.7.20", matrix: seed, today: "2026-11-21" }).matrix.ageDays, 0);
  });

  it("offers other shipped matrices that have a route, those valid here first", () => {
    const plan = planRoute({ from: "4.6.41", to: "4.7.26", matrix: seed, today });
    const others = plan.refusal!.otherMatrices;
    assert.deepEqual(
      others.filter((other) => other.valid).map(({ id, route }) => [id, route]),
      [
        ["palette-kubernetes-4.9.22", ["4.7.26"]],
        ["palette-kubernetes-4.9.51", ["4.7.26"]],
      ],
    );
    const known = new Map(loadShippedMatrices().map((matrix) => [matrix.id, matrix]));
    for (const { id, valid } of others) {
      const { edition, method } = known.get(id)!;
      assert.equal(valid, edition === "palette" && method === "kubernetes", id);
      assert.ok(reachabilityOf(known.get(id)!).reaches("4.6.41", "4.7.26"), id);
    }
    assert.deepEqual(
      others.map((other) => other.valid),
      others.map((other) => other.valid).sort((a, b) => Number(b) - Number(a)),
    );
  });
});
