import fc from "fast-check";
import assert from "node:assert/strict";
import { describeUnknownFacts, matchesEdge, matchFacts } from "../../../lib/planning/rules/edge-pattern.js";
import { type EdgePattern } from "../../../lib/planning/rules/types.js";
import { type SiteFacts } from "../../../lib/planning/rules/site-facts.js";

const crossing: EdgePattern = { from: "<4.8.47", to: ">=4.8.47" };

describe("edge pattern", () => {
  const cases: [pattern: EdgePattern, from: string, to: string, expected: boolean][] = [
    [crossing, "4.8.35", "4.8.47", true],
    [crossing, "4.8.35", "4.8.52", true],
    [crossing, "4.7.39", "4.9.5", true],
    [crossing, "4.8.47", "4.8.52", false],
    [crossing, "4.8.35", "4.8.37", false],
    [{ from: ">=4.6.0 <4.7.0", to: ">=4.7.0 <4.8.0" }, "4.6.41", "4.7.20", true],
    [{ from: ">=4.6.0 <4.7.0", to: ">=4.7.0 <4.8.0" }, "4.7.3", "4.7.20", false],
    [{ change: ["minor", "major"] }, "4.6.41", "4.7.3", true],
    [{ change: ["minor", "major"] }, "4.6.36", "4.6.41", false],
    [{ change: ["minor", "major"] }, "4.10.1", "5.0.0", true],
    [{ to: ">=4.9.14" }, "4.9.5", "4.10.0", true],
    [{ change: ["patch"] }, "4.6.41", "4.6.41", false],
    [{}, "4.6.41", "4.6.41", true],
  ];
  for (const [pattern, from, to, expected] of cases) {
    it(`${JSON.stringify(pattern)} ${expected ? "names" : "does not name"} ${from} -> ${to}`, () => {
      assert.equal(matchesEdge(pattern, from, to), expected);
    });
  }

  it("an unreadable range is an error, never a silent mismatch", () => {
    assert.throws(() => matchesEdge({ from: "older than 4.8" }, "4.8.35", "4.8.47"), TypeError);
  });

  it("on an ascending route exactly one hop crosses a version that lies between its ends", () => {
    const patch = fc.integer({ min: 0, max: 99 });
    fc.assert(
      fc.property(fc.uniqueArray(patch, { minLength: 2, maxLength: 8 }), (patches) => {
        const route = patches.sort((a, b) => a - b).map((number) => `4.8.${number}`);
        const crossings = route.slice(1).filter((to, i) => matchesEdge(crossing, route[i]!, to));
        const within = patches[0]! < 47 && patches.at(-1)! >= 47;
        assert.equal(crossings.length, within ? 1 : 0);
      }),
    );
  });
});

describe("facts, three-valued", () => {
  const cases: [condition: Parameters<typeof matchFacts>[0], facts: SiteFacts, expected: string, words: string][] = [
    [{}, {}, "yes", ""],
    [{ pcgs: true }, { pcgs: true }, "yes", ""],
    [{ pcgs: true }, { pcgs: false }, "no", ""],
    [{ pcgs: true }, {}, "unknown", "there are Private Cloud Gateways"],
    [{ airgap: false }, { airgap: true }, "no", ""],
    [{ airgap: false }, { airgap: undefined }, "unknown", "the installation is connected"],
    [{ cloud: ["gke"] }, { cloud: "gke" }, "yes", ""],
    [{ cloud: ["gke"] }, { cloud: "eks" }, "no", ""],
    [{ cloud: ["eks", "other"] }, {}, "unknown", "the cluster runs on EKS or other Kubernetes"],
    [
      { reachSystem: true, imageSwap: true },
      { imageSwap: false },
      "no",
      "a network proxy is used (release reach-system)",
    ],
    [
      { reachSystem: true, imageSwap: true },
      { imageSwap: true },
      "unknown",
      "a network proxy is used (release reach-system)",
    ],
    [
      { pcgs: true, ipBased: true },
      {},
      "unknown",
      "there are Private Cloud Gateways and Palette is reached by IP address",
    ],
  ];
  for (const [condition, facts, expected, words] of cases) {
    it(`${JSON.stringify(condition)} with ${JSON.stringify(facts)}: ${expected}`, () => {
      assert.equal(matchFacts(condition, facts), expected);
      assert.equal(describeUnknownFacts(condition, facts), words);
    });
  }
});
