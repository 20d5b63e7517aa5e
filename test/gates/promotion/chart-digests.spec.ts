import assert from "node:assert/strict";
import { type ChartSource } from "../../../lib/site/charts/types.js";
import { readDestinationDigests } from "../../../lib/gates/promotion/gate.js";
import { arrived, fakeSite, inputFor, revision } from "../fake-site.js";

/** Charts whose checksum is their role; what is asked for is kept. */
const source: ChartSource = {
  find: (version, { role }) =>
    Promise.resolve({ path: `${role}.tgz`, version, sha256: `sha-${role}`, archiveValues: {} }),
  getDefaults: () => Promise.resolve({}),
  getContents: () => Promise.reject(new Error("not asked for")),
};

describe("the charts that a hop moves to", () => {
  it("are those of every site and of the releases that are installed here", async () => {
    const roles = async (revisions: ReturnType<typeof arrived>): Promise<string[]> => {
      const site = { ...fakeSite({ revisions }), charts: () => source };
      return Object.keys(await readDestinationDigests(inputFor({ site }))).sort();
    };
    const hubble = arrived("4.5.23", "4.6.41");
    const without = await roles(hubble);
    assert.ok(without.includes("hubble") && !without.includes("image-swap"), without.join());
    const swap = revision({ revision: 1, name: "image-swap", chart: "image-swap", chartVersion: "1.0.0" });
    assert.deepEqual(await roles([...hubble, swap]), [...without, "image-swap"].sort());
  });
});
