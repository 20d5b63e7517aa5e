import assert from "node:assert/strict";
import { hasMatchingFields, hasMatchingLabels } from "../../../lib/site/kubernetes/selectors.js";

const object = { metadata: { name: "a", namespace: "n", labels: { owner: "helm", name: "hubble" } }, type: "t" };

describe("selectors", () => {
  const labels: [selector: string | null, fits: boolean][] = [
    [null, true],
    ["", true],
    ["owner=helm", true],
    ["owner==helm,name=hubble", true],
    ["owner=tiller", false],
    ["owner!=tiller", true],
    ["owner!=helm", false],
    ["name in (cert-manager, hubble)", true],
    ["name in (cert-manager),owner=helm", false],
    ["name notin (hubble)", false],
    ["status notin (deployed)", true],
    ["owner", true],
    ["!owner", false],
    ["!status", true],
  ];
  for (const [selector, fits] of labels) {
    it(`labels ${selector} ${fits ? "fit" : "do not fit"}`, () =>
      assert.equal(hasMatchingLabels(object, selector), fits));
  }

  const fields: [selector: string, fits: boolean][] = [
    ["metadata.name=a", true],
    ["metadata.name=b", false],
    ["type=t,metadata.namespace=n", true],
    ["type!=t", false],
    ["spec.nodeName=x", false],
  ];
  for (const [selector, fits] of fields) {
    it(`fields ${selector} ${fits ? "fit" : "do not fit"}`, () =>
      assert.equal(hasMatchingFields(object, selector), fits));
  }
});
