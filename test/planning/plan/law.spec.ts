import assert from "node:assert/strict";
import { listActs, type ExpandContext } from "../../../lib/planning/plan/expand.js";

const context: ExpandContext = { edition: "palette", method: "kubernetes", facts: { pcgs: true } };

/** A sentence of the vendor's PCG page: see docs/law.md. */
describe("acts of a hop, the vendor's PCG page", () => {
  const textOf = (from: string, to: string): string | undefined =>
    listActs(from, to, context).find(({ name, when }) => name === "pcg-cluster-administrator" && when === "after")
      ?.text;

  it("after a minor the administrators of clusters that carry a PCG are to be asked about what is theirs", () => {
    assert.match(
      textOf("4.6.41", "4.7.20")!,
      /Talk to the administrators .* its Kubernetes, network and storage are theirs/,
    );
  });

  it("negative twin: after a patch they are not", () => assert.equal(textOf("4.6.36", "4.6.41"), undefined));
});
