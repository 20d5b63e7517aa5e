import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  roleRef?: { kind: string; name: string };
  subjects?: { kind: string; name: string }[];
}

function readManifests(file: string): Manifest[] {
  const text = readFileSync(join(findPackageRoot(), "deploy", file), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

const bindings = (file: string): Manifest[] => readManifests(file).filter(({ kind }) => kind.endsWith("Binding"));
const describeRole = ({ metadata, roleRef }: Manifest): string =>
  `${roleRef!.kind} ${roleRef!.name} in ${metadata.namespace ?? "all"}`;

describe("deploy/acts-role.yaml", () => {
  it("is bound to a group of people, never to an account of the machine", () => {
    const subjects = bindings("acts-role.yaml").flatMap((each) => each.subjects!);
    assert.ok(subjects.length > 0);
    for (const { kind, name } of subjects) assert.deepEqual([kind, name], ["Group", "palette-operators"]);
  });

  it("gives that group what acts write, and every role that the gates have", () => {
    assert.deepEqual(
      bindings("acts-role.yaml").map(describeRole).sort(),
      ["Role palette-acts in default", ...bindings("gates-role.yaml").map(describeRole)].sort(),
    );
  });

  it("the gates' account has no role of the acts", () => {
    const names = [...bindings("gates-role.yaml"), ...readManifests("gates-role.yaml")].map(
      ({ metadata }) => metadata.name,
    );
    assert.deepEqual([...new Set(names)], ["palette-gates"]);
  });
});
