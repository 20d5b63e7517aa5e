import assert from "node:assert/strict";
import { describeRight, explainGate } from "../../lib/gates/explain.js";
import { getGateByName } from "../../lib/gates/registry.js";
import { gateNames } from "../../lib/planning/rules/types.js";

describe("--explain: least rights", () => {
  it("tells verbs, resources, names, place and condition of each right", () => {
    assert.equal(
      describeRight({ group: "apps", resources: ["deployments"], verbs: ["get", "list"], where: "mongo" }),
      "get, list on apps/deployments (MongoDB's namespace)",
    );
    assert.equal(
      describeRight({ group: "", resources: ["x"], verbs: ["get"], where: "release", names: ["a"], only: "where b" }),
      "get on x a (the release's namespace), where b",
    );
  });

  for (const name of gateNames) {
    const asksPalette = name.startsWith("pcg-");
    it(`${name} names Kubernetes rights and ${asksPalette ? "the role in Palette" : "no role in Palette"}`, () => {
      const text = explainGate(getGateByName(name));
      assert.match(text, /^ {2}Kubernetes: get on namespaces kube-system \(all namespaces\)$/m);
      assert.match(text, /^ {2}Kubernetes: list on secrets \(all namespaces\)$/m);
      assert.equal(/^ {2}Palette: role Tenant Viewer in each tenant/m.test(text), asksPalette);
    });
  }

  it("only MongoDB's gates run something in a container", () => {
    const which = gateNames.filter((name) =>
      explainGate(getGateByName(name)).includes("pods/exec mongo-0, mongo-1, mongo-2 ("),
    );
    assert.deepEqual(which, ["mongo-replica-set", "mongo-fcv"]);
  });
});
