import assert from "node:assert/strict";
import { findFullStackName } from "../../lib/engine/full-stack-name.js";

const cloud = (organization: string, stack: string): string =>
  `https://app.pulumi.com/${organization}/palette/${stack}`;

describe("the full name of a stack", () => {
  const cases: [title: string, given: string, stacks: { name: string; url?: string }[], expected: string][] = [
    ["of a file or bucket", "prod", [{ name: "prod" }], "organization/palette/prod"],
    ["given in full", "organization/palette/prod", [{ name: "prod" }], "organization/palette/prod"],
    ["of Pulumi Cloud, one's own", "prod", [{ name: "prod", url: cloud("ana", "prod") }], "ana/palette/prod"],
    ["of Pulumi Cloud", "prod", [{ name: "acme/prod", url: cloud("acme", "prod") }], "acme/palette/prod"],
    [
      "of Pulumi Cloud, beside one with a like name",
      "acme/prod",
      [
        { name: "xprod", url: cloud("ana", "xprod") },
        { name: "acme/prod", url: cloud("acme", "prod") },
      ],
      "acme/palette/prod",
    ],
  ];
  for (const [title, given, stacks, expected] of cases) {
    it(title, () => assert.equal(findFullStackName(given, "palette", stacks), expected));
  }
});
