import assert from "node:assert/strict";
import {
  type ExpandContext,
  expandHop,
  findGate,
  listActs,
  listGates,
  listSkippedMinors,
} from "../../../lib/planning/plan/expand.js";
import { loadRules } from "../../../lib/planning/rules/rules.js";
import { type SiteFacts } from "../../../lib/planning/rules/site-facts.js";

const palette = (facts: SiteFacts = {}): ExpandContext => ({ edition: "palette", method: "kubernetes", facts });
const connected: SiteFacts = {
  pcgs: true,
  reachSystem: false,
  imageSwap: false,
  airgap: false,
  ipBased: false,
  externalMongo: false,
  cloud: "eks",
};
const gateList = (from: string, to: string, facts: SiteFacts = connected): string[] =>
  listGates(from, to, palette(facts)).map((gate) => `${gate.when} ${gate.name}${gate.mandatory ? "!" : ""}`);

describe("gates of a hop", () => {
  it("4.6.36 -> 4.6.41, a patch: gateways warn only, MongoDB still blocks", () => {
    assert.deepEqual(gateList("4.6.36", "4.6.41"), [
      "before helm-release!",
      "before rollout!",
      "before pcg-catch-up",
      "before mongo-replica-set!",
      "before kubernetes-version!",
      "before pcg-readiness",
      "before values!",
      "before backup!",
      "before window!",
      "before promotion!",
      "after rollout!",
      "after pcg-catch-up!",
    ]);
  });

  it("4.6.41 -> 4.7.20, a minor: gateways must be ready", () => {
    assert.deepEqual(gateList("4.6.41", "4.7.20"), [
      "before helm-release!",
      "before rollout!",
      "before pcg-catch-up!",
      "before mongo-replica-set!",
      "before kubernetes-version!",
      "before pcg-readiness!",
      "before values!",
      "before backup!",
      "before window!",
      "before promotion!",
      "after rollout!",
      "after pcg-catch-up!",
    ]);
  });

  const needs: [gate: string, from: string, to: string, needed: boolean][] = [
    ["before mongo-fcv!", "4.7.27", "4.8.8", true],
    ["before mongo-fcv!", "4.7.39", "4.9.5", true],
    ["before mongo-fcv!", "4.6.41", "4.7.20", false],
    ["before mongo-fcv!", "4.8.8", "4.8.52", true],
    ["before mongo-fcv!", "4.8.27", "4.9.5", true],
    ["before mongo-fcv!", "4.8.8", "4.8.27", false],
    ["before mongo-fcv!", "4.8.33", "4.8.52", false],
    ["after ingress!", "4.8.35", "4.8.47", true],
    ["after ingress!", "4.8.35", "4.8.37", false],
    ["after ingress!", "4.8.52", "4.9.51", true],
    ["after ingress!", "4.9.14", "4.9.51", false],
    ["before ingress!", "4.8.52", "4.9.51", true],
    ["before ingress!", "4.8.35", "4.8.47", false],
    ["before ingress-exposure!", "4.8.35", "4.8.52", true],
    ["before ingress-exposure!", "4.8.52", "4.9.14", true],
    ["before ingress-exposure!", "4.9.14", "4.9.51", false],
  ];
  for (const [gate, from, to, needed] of needs) {
    it(`${from} -> ${to} ${needed ? "needs" : "does not need"} ${gate}`, () => {
      assert.equal(gateList(from, to).includes(gate), needed);
    });
  }

  it("without gateways there is no gateway gate, and with facts unknown it says where it applies", () => {
    assert.deepEqual(
      gateList("4.6.41", "4.7.20", { ...connected, pcgs: false }).filter((gate) => gate.includes("pcg")),
      [],
    );
    assert.equal(
      findGate("pcg-readiness", "before", "4.6.41", "4.7.20", palette())?.because,
      "If there are Private Cloud Gateways: Before a new minor or major every gateway must run the newest agent and have its profile updates applied.",
    );
    assert.ok(!findGate("pcg-readiness", "before", "4.6.41", "4.7.20", palette(connected))?.because.startsWith("If"));
  });

  it("images are looked for where the installation is air-gapped", () => {
    assert.ok(gateList("4.6.41", "4.7.20", { ...connected, airgap: true }).includes("before images!"));
    assert.ok(!gateList("4.6.41", "4.7.20").includes("before images!"));
  });

  it("images are looked for where release image-swap leads to a registry of one's own", () => {
    assert.ok(gateList("4.6.41", "4.7.20", { ...connected, imageSwap: true }).includes("before images!"));
  });

  it("two rows for one gate and moment are one gate with both reasons", () => {
    const exposure = listGates("4.8.35", "4.9.14", palette(connected)).filter(
      (gate) => gate.name === "ingress-exposure",
    );
    assert.equal(exposure.length, 1);
    assert.match(exposure[0]!.because, /load balancer of its own.* Nginx is removed by this hop/);
  });

  it("where no release is to move, the checks of the installed version remain", () => {
    const after = gateList("4.9.14", "4.9.14").filter((gate) => gate.startsWith("after"));
    assert.deepEqual(after, ["after rollout!", "after pcg-catch-up!"]);
  });

  it("an appliance has no Helm gates", () => {
    const names = listGates("4.8.52", "4.9.51", { edition: "palette", method: "appliance", facts: connected }).map(
      (gate) => gate.name,
    );
    for (const name of ["mongo-replica-set", "rollout", "pcg-readiness"] as const)
      assert.ok(names.includes(name), name);
    for (const name of ["helm-release", "values", "images", "kubernetes-version", "ingress"] as const) {
      assert.ok(!names.includes(name), name);
    }
  });
});

describe("acts of a hop", () => {
  const acts = (from: string, to: string, facts: SiteFacts = connected): string[] =>
    listActs(from, to, palette(facts)).map(
      (act) => `${act.when} ${act.name}${act.irreversible ? " (irreversible)" : ""}`,
    );

  it("a patch asks only for what gateways leave to a person", () => {
    assert.deepEqual(acts("4.6.36", "4.6.41"), ["after pcg-approve"]);
  });

  it("4.8.35 -> 4.8.52 plans the DNS change before and makes it after", () => {
    assert.deepEqual(acts("4.8.35", "4.8.52"), ["before dns-plan", "after dns-cutover", "after pcg-approve"]);
  });

  it("4.7.27 -> 4.8.8 names the raise that cannot be undone", () => {
    assert.ok(acts("4.7.27", "4.8.8").includes("before fcv-raise (irreversible)"));
    assert.ok(acts("4.8.8", "4.8.52").includes("before fcv-raise (irreversible)"));
    assert.ok(!acts("4.8.8", "4.8.21").some((act) => act.includes("fcv-raise")));
    assert.ok(!acts("4.8.33", "4.8.52").some((act) => act.includes("fcv-raise")));
  });

  it("a minor names its point of no return, and the Kubernetes that both releases allow", () => {
    const planned = listActs("4.6.41", "4.7.20", palette(connected));
    assert.match(planned.find((act) => act.name === "backup")!.text, /This hop is a point of no return/);
    assert.match(
      planned.find((act) => act.name === "kubernetes-upgrade")!.text,
      /before this hop up to 1\.31\.x, the one after it up to 1\.33\.0/,
    );
  });

  it("the act for gateways says that workload clusters are not affected, where to click and when it is done", () => {
    const { text } = listActs("4.6.36", "4.6.41", palette(connected)).find((act) => act.name === "pcg-approve")!;
    for (const words of [
      "workload clusters are not affected",
      "one gateway at a time",
      "Updates, review, Confirm updates",
      "may be unavailable meanwhile",
      "event log says that all control planes are updated",
    ]) {
      assert.ok(text.includes(words), words);
    }
  });

  it("no text keeps a placeholder", () => {
    for (const row of loadRules("acts")) {
      const text = listActs("4.1.7", "4.9.51", { edition: row.editions[0]!, method: row.methods[0]!, facts: {} });
      for (const act of text) assert.doesNotMatch(act.text, /[{}]/, act.name);
    }
  });

  const conditions: [act: string, from: string, to: string, facts: SiteFacts, expected: boolean][] = [
    ["before gke-iam", "4.8.52", "4.9.51", { ...connected, cloud: "gke" }, true],
    ["before gke-iam", "4.8.52", "4.9.51", connected, false],
    ["before gke-iam", "4.9.14", "4.9.51", { ...connected, cloud: "gke" }, false],
    ["after reach-system-ownership", "4.8.52", "4.9.51", { ...connected, reachSystem: true }, true],
    ["after reach-system-ownership", "4.8.52", "4.9.51", connected, false],
    ["after reach-system-ownership", "4.8.52", "4.9.14", { ...connected, reachSystem: true }, false],
    ["before certificate-backup", "4.8.35", "4.8.52", { ...connected, ipBased: true }, true],
    ["before certificate-backup", "4.8.52", "4.9.51", { ...connected, ipBased: true }, false],
    ["before resume-old-agents", "4.5.23", "4.6.41", connected, true],
    ["before resume-old-agents", "4.6.12", "4.6.41", connected, false],
    ["before allow-image-registry", "4.4.20", "4.5.23", connected, true],
    ["before allow-image-registry", "4.4.20", "4.5.23", { ...connected, airgap: true }, false],
    ["after workload-agents", "4.6.41", "4.7.20", connected, true],
    ["after pcg-cluster-administrator", "4.6.41", "4.7.20", { ...connected, pcgs: false }, false],
  ];
  for (const [act, from, to, facts, expected] of conditions) {
    it(`${from} -> ${to}, ${JSON.stringify(facts)}: ${expected ? "" : "no "}${act}`, () => {
      assert.equal(acts(from, to, facts).includes(act), expected);
    });
  }
});

describe("a whole hop", () => {
  it("4.4.24 -> 4.6.41 skips 4.5, where the matrix lists it", () => {
    const hop = expandHop("4.4.24", "4.6.41", {
      ...palette(connected),
      matrixVersions: ["4.4.24", "4.5.23", "4.6.41", "4.10.1"],
    });
    assert.deepEqual([hop.change, hop.skips], ["minor", ["4.5"]]);
  });

  it("4.9.51 -> 4.11.2 skips 4.10, ordered by number", () => {
    assert.deepEqual(listSkippedMinors("4.9.51", "4.11.2", ["4.1.12", "4.10.1", "4.10.13", "4.9.51", "4.11.2"]), [
      "4.10",
    ]);
    assert.deepEqual(listSkippedMinors("4.9.51", "5.1.0", ["4.11.2", "4.10.1", "5.0.3", "5.1.0"]), [
      "4.10",
      "4.11",
      "5.0",
    ]);
  });

  it("a minor that the matrix does not list is not skipped", () => {
    assert.deepEqual(listSkippedMinors("4.4.24", "4.6.41", ["4.4.24", "4.6.41"]), []);
  });
});
