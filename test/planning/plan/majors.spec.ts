import assert from "node:assert/strict";
import type { PlanRequest } from "../../../lib/planning/plan/types.js";
import { matrixOf, planOf, stopsOf, warned } from "./synthetic-matrix.js";

/** The highest listed release of 4 is 4.2.5. */
const plain = `4.1.0 > 4.1.3 4.2.0 5.0.0
  4.1.3 > 4.2.0 4.2.5 5.0.0
  4.2.0 > 4.2.5 5.0.0 5.0.2
  4.2.5 > 5.0.0 5.0.2 5.1.0
  5.0.0 > 5.0.2
  5.0.2 > 5.1.0`;
const askedLeadsNowhere = plain.replace("4.2.5 > 5.0.0 5.0.2 5.1.0", "");
const askedOutOfReach = plain.replaceAll(" 4.2.5 5.0.0", " 5.0.0").replace("4.2.0 > 4.2.5", "4.2.0 >");
const twoMajors = `3.9.0 > 3.9.4 4.0.0
  3.9.4 > 4.0.0 5.0.0
  4.0.0 > 4.1.0 4.1.2 5.0.0
  4.1.0 > 5.0.0
  4.1.2 > 5.0.0 5.0.1`;
const rule = "The page says a major upgrade starts from the latest patch of the latest minor";

const rows: [
  title: string,
  rows: string,
  from: string,
  to: string,
  more: Partial<PlanRequest>,
  stops: string,
  notice: string[],
][] = [
  ["leaves 4 from its highest release", plain, "4.1.0", "5.1.0", {}, "4.1.3 4.2.5 5.0.2 5.1.0", []],
  [
    "fewest-hops does too, though 4.1.0 has a row to 5.0.0",
    plain,
    "4.1.0",
    "5.0.0",
    { strategy: "fewest-hops" },
    "4.2.0 4.2.5 5.0.0",
    [],
  ],
  [
    "with PCGs fewest-hops walks the minors of the new major",
    plain,
    "4.2.0",
    "5.1.0",
    { strategy: "fewest-hops" },
    "4.2.5 5.0.2 5.1.0",
    [],
  ],
  [
    "without, it goes as far as the rows allow",
    plain,
    "4.2.0",
    "5.1.0",
    { strategy: "fewest-hops", facts: { pcgs: false } },
    "4.2.5 5.1.0",
    [],
  ],
  ["negative twin: within 4 nothing is bound", plain, "4.1.0", "4.2.0", {}, "4.1.3 4.2.0", []],
  [
    "the highest leads nowhere: the highest that leads on",
    askedLeadsNowhere,
    "4.1.0",
    "5.0.2",
    {},
    "4.1.3 4.2.0 5.0.2",
    [`${rule} (4.2.5); no row leads on from 4.2.5; 4.2.0 is the newest with a row to 5.0.2.`],
  ],
  [
    "and fewest-hops so",
    askedLeadsNowhere,
    "4.1.0",
    "5.0.0",
    { strategy: "fewest-hops" },
    "4.2.0 5.0.0",
    [`${rule} (4.2.5); no row leads on from 4.2.5; 4.2.0 is the newest with a row to 5.0.0.`],
  ],
  [
    "the highest is out of reach: the highest within reach",
    askedOutOfReach,
    "4.1.0",
    "5.0.0",
    {},
    "4.1.3 4.2.0 5.0.0",
    [`${rule} (4.2.5); no row leads from 4.2.0 to 4.2.5; 4.2.0 is the newest within reach with a row to 5.0.0.`],
  ],
  [
    "the highest is to be avoided: the highest that is left",
    plain,
    "4.1.0",
    "5.0.2",
    { avoid: ["4.2.5"] },
    "4.1.3 4.2.0 5.0.2",
    [`${rule} (4.2.5); 4.2.5 is left out as asked (avoid); 4.2.0 is the newest within reach with a row to 5.0.2.`],
  ],
  ["two majors, each left from its highest", twoMajors, "3.9.0", "5.0.1", {}, "3.9.4 4.0.0 4.1.2 5.0.1", []],
  [
    "a row across two majors is taken from the highest of the first",
    twoMajors,
    "3.9.0",
    "5.0.0",
    { strategy: "fewest-hops", facts: { pcgs: false } },
    "3.9.4 5.0.0",
    [],
  ],
];

describe("majors: the source is the highest listed release of the old one", () => {
  for (const [title, text, from, to, more, stops, notice] of rows) {
    it(`${title}: ${from} -> ${to}`, () => {
      const plan = planOf(matrixOf(text), from, to, more);
      assert.equal(stopsOf(plan), stops);
      assert.deepEqual(
        warned(plan, "PAGE_RULE").filter((message) => message.startsWith(rule)),
        notice,
      );
    });
  }

  it("names the major hop as one", () => {
    const plan = planOf(matrixOf(plain), "4.1.0", "5.0.0");
    assert.deepEqual(
      plan.hops.map((hop) => hop.change),
      ["patch", "minor", "major"],
    );
  });

  it("compares numbers: 4.10 is the latest minor of 4, not 4.9", () => {
    const matrix = matrixOf("4.9.9 > 4.10.0 5.0.0\n4.10.0 > 5.0.0");
    assert.equal(stopsOf(planOf(matrix, "4.9.9", "5.0.0")), "4.10.0 5.0.0");
  });
});
