import assert from "node:assert/strict";
import { describeProfileChanges } from "../../lib/acts/profile-diff.js";
import type { ClusterProfile } from "../../lib/site/types.js";

type Pack = ClusterProfile["packs"][number];

function pack(change: Partial<Pack>): Pack {
  return { name: "kubernetes", layer: "k8s", version: "1.30.1", digest: "", valuesDigest: "v1", ...change };
}

function profile(version: string, packs: Pack[], change: Partial<ClusterProfile> = {}): ClusterProfile {
  return { uid: "p1", name: "infra", version, packs, ...change };
}

describe("what a profile update changes", () => {
  const cases: [title: string, before: Pack[], after: Pack[], lines: string[]][] = [
    ["nothing", [pack({})], [pack({})], ["  no pack differs in version, digest or values"]],
    ["a version", [pack({})], [pack({ version: "1.31.0" })], ["  pack kubernetes: 1.30.1 -> 1.31.0"]],
    ["values alone", [pack({})], [pack({ valuesDigest: "v2" })], ["  pack kubernetes: values differ (not shown)"]],
    [
      "content behind the same version",
      [pack({ digest: "a" })],
      [pack({ digest: "b" })],
      ["  pack kubernetes: same version, other content"],
    ],
    [
      "a digest that was not reported before is no difference",
      [pack({})],
      [pack({ digest: "b" })],
      ["  no pack differs in version, digest or values"],
    ],
    [
      "packs come and go, by name",
      [pack({ name: "old" })],
      [pack({ name: "new" })],
      ["  pack new: added at 1.30.1", "  pack old: removed (was 1.30.1)"],
    ],
  ];
  for (const [title, before, after, lines] of cases) {
    it(title, () => {
      assert.deepEqual(describeProfileChanges([profile("1.0.0", before)], [profile("1.0.1", after)]), [
        "profile infra: 1.0.0 -> 1.0.1",
        ...lines,
      ]);
    });
  }

  it("a profile that is not applied yet says so", () => {
    assert.deepEqual(describeProfileChanges([], [profile("1.0.1", [pack({})])]), [
      "profile infra: not applied yet -> 1.0.1",
      "  pack kubernetes: added at 1.30.1",
    ]);
  });

  it("a profile of the same name with another uid is another profile", () => {
    const lines = describeProfileChanges([profile("1.0.0", [], { uid: "p2" })], [profile("1.0.1", [])]);
    assert.equal(lines[0], "profile infra: not applied yet -> 1.0.1");
  });
});
