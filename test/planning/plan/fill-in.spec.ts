import assert from "node:assert/strict";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import { listAdvisories } from "../../../lib/planning/plan/expand.js";
import { fillPlaceholders } from "../../../lib/planning/plan/fill-in.js";
import { findBundledKubernetes, findAgentRow, listExpectedReleases } from "../../../lib/planning/rules/rules.js";
import { isVersion } from "../../../lib/planning/version/version.js";

const kubernetes = { edition: "palette", method: "kubernetes" } as const;
const vmware = { edition: "palette", method: "vmware" } as const;

describe("words that a hop fills in", () => {
  const cases: [text: string, from: string, to: string, kind: typeof kubernetes | typeof vmware, filled: string][] = [
    ["{kubernetes.from} {kubernetes.to}", "4.6.41", "4.7.20", kubernetes, "1.31.x 1.33.0"],
    ["{bundled.from} {bundled.to}", "4.8.52", "4.9.14", vmware, "1.32.9 1.33.10"],
    ["{bundled.to}", "4.9.14", "4.9.51", vmware, "1.34.6"],
    ["{bundled.to}", "4.9.14", "4.9.51", kubernetes, "a version the vendor does not list"],
    ["{gateway.kubernetes.to}", "4.6.41", "4.7.20", kubernetes, "1.31.8"],
    ["{gateway.kubernetes.to}", "4.7.27", "4.8.8", kubernetes, "a version the vendor does not list"],
    ["{gateway.cli.to}", "4.8.52", "4.9.51", kubernetes, "4.9.19"],
    ["{weather} {}", "4.6.41", "4.7.20", kubernetes, "{weather} {}"],
  ];
  for (const [text, from, to, kind, filled] of cases) {
    it(`${text} of ${from} -> ${to} by ${kind.method}: ${filled}`, () =>
      assert.equal(fillPlaceholders(text, from, to, kind), filled));
  }

  it("advisories for gateways name their Kubernetes and the CLI", () => {
    const said = listAdvisories("4.6.41", "4.7.20", { ...kubernetes, facts: { pcgs: true } }).map(
      ({ summary }) => summary,
    );
    assert.ok(said.some((summary) => summary.includes("the vendor names Kubernetes 1.31.8 at this release.")));
    assert.ok(said.some((summary) => summary.includes("recommends Palette CLI 4.7.2.")));
  });

  it("the advisory on the appliance's own Kubernetes names both, on VMware only", () => {
    const find = (kind: typeof kubernetes | typeof vmware): string | undefined =>
      listAdvisories("4.8.52", "4.9.14", { ...kind, facts: {} }).find(({ id }) => id === "bundled-kubernetes")?.summary;
    assert.match(find(vmware)!, /1\.32\.9 before this hop, 1\.33\.10 after it\./);
    assert.equal(find(kubernetes), undefined);
  });
});

describe("data by install method", () => {
  it("VMware 4.9.51 refuses every hop from 4.8 that would cross two Kubernetes minors, and supports none", () => {
    let [refused, supported] = [0, 0];
    for (const { from, to, mark } of loadMatrix("palette-vmware-4.9.51").rows) {
      if (!isVersion(from) || !isVersion(to) || !/^4\.[89]\./.test(from)) continue;
      const minors = [from, to].map((version) => findBundledKubernetes(version, "palette", "vmware")?.split(".")[1]);
      if (minors.includes(undefined)) continue;
      const crossed = Number(minors[1]) - Number(minors[0]);
      assert.equal(mark, crossed > 1 ? "unsupported" : "supported", `${from} -> ${to} crosses ${crossed}`);
      if (crossed > 1) refused += 1;
      else supported += 1;
    }
    assert.equal(refused, 20);
    assert.ok(supported >= 50, `supported: ${supported}`);
  });

  it("Helm releases are of Kubernetes only, the same for both editions", () => {
    const roles = (edition: "palette" | "vertex", method: "kubernetes" | "vmware" | "appliance"): string[] =>
      listExpectedReleases("4.9.51", {}, { edition, method }).map(({ role }) => role);
    assert.equal(roles("palette", "kubernetes").length, 5);
    assert.deepEqual(roles("vertex", "kubernetes"), roles("palette", "kubernetes"));
    assert.deepEqual([roles("palette", "vmware"), roles("vertex", "appliance")], [[], []]);
  });

  it("gateways: the row of the nearest release that is no newer, within the minor", () => {
    assert.equal(findAgentRow("4.6.39", "palette-cli")?.palette, "4.6.32");
    assert.equal(findAgentRow("4.6.5", "palette-cli"), undefined);
    assert.equal(findAgentRow("4.11.0", "palette-cli"), undefined);
  });
});
