import assert from "node:assert/strict";
import { loadShippedMatrices } from "../../../lib/planning/matrix/load.js";
import { listEdges, listVersions } from "../../../lib/planning/matrix/lookup.js";
import { expandHop } from "../../../lib/planning/plan/expand.js";
import { type Hop } from "../../../lib/planning/plan/types.js";
import { type SiteFacts } from "../../../lib/planning/rules/site-facts.js";

const known: SiteFacts = { pcgs: true, reachSystem: true, imageSwap: true, airgap: true, ipBased: true, cloud: "gke" };
const doubles = (names: string[]): string[] => names.filter((name, i) => names.indexOf(name) !== i);
const gate = (hop: Hop, when: string, name: string): Hop["gates"][number] | undefined =>
  hop.gates.find((each) => each.name === name && each.when === when);

function check(hop: Hop): void {
  const title = `${hop.from} -> ${hop.to}`;
  assert.deepEqual(doubles(hop.gates.map(({ name, when }) => `${when} ${name}`)), [], title);
  assert.deepEqual(doubles(hop.acts.map(({ name, when }) => `${when} ${name}`)), [], title);
  assert.deepEqual(doubles(hop.advisories.map(({ id }) => id)), [], title);
  for (const list of [hop.gates, hop.acts]) {
    const whens = list.map(({ when }) => when);
    assert.ok(!whens.slice(whens.indexOf("after")).includes("before") || !whens.includes("after"), title);
  }
  for (const { text } of hop.acts) assert.doesNotMatch(text, /[{}]/, title);
  assert.equal(gate(hop, "before", "mongo-replica-set")?.mandatory, true, title);
  assert.equal(gate(hop, "after", "rollout")?.mandatory, true, title);
  assert.equal(gate(hop, "after", "pcg-catch-up")?.mandatory, true, title);
  assert.equal(gate(hop, "before", "pcg-readiness")?.mandatory, hop.change !== "patch", title);
  assert.equal(
    hop.acts.some(({ name }) => name === "backup"),
    hop.change !== "patch",
    title,
  );
}

describe("every edge of every shipped matrix", () => {
  for (const matrix of loadShippedMatrices()) {
    it(`${matrix.id}: MongoDB, roll-out and catch-up on every hop, nothing said twice, no placeholder left`, () => {
      const matrixVersions = listVersions(matrix);
      const edges = listEdges(matrix);
      for (const from of matrixVersions) {
        for (const to of edges.from(from)) {
          for (const facts of [{}, known]) check(expandHop(from, to, { ...matrix, facts, matrixVersions }));
        }
      }
    });
  }

  it("what is known of a site only ever takes away or settles, it never adds", () => {
    const matrix = loadShippedMatrices().find(({ id }) => id === "palette-kubernetes-4.9.51")!;
    const matrixVersions = listVersions(matrix);
    for (const from of matrixVersions) {
      for (const to of listEdges(matrix).from(from)) {
        const open = expandHop(from, to, { ...matrix, facts: {}, matrixVersions });
        const settled = expandHop(from, to, { ...matrix, facts: { ...known, pcgs: false }, matrixVersions });
        const ids = (hop: Hop): string[] => [
          ...hop.gates.map(({ name, when }) => `${when} ${name}`),
          ...hop.acts.map(({ name, when }) => `${when} ${name}`),
          ...hop.advisories.map(({ id }) => id),
        ];
        assert.deepEqual(
          ids(settled).filter((id) => !ids(open).includes(id)),
          [],
          `${from} -> ${to}`,
        );
        assert.ok(!JSON.stringify(settled).includes('"If '), `${from} -> ${to}`);
      }
    }
  });
});
