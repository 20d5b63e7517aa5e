import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { loadRules } from "../../lib/planning/rules/rules.js";

interface Row {
  code: string;
  source: string;
  proof: string;
}

function readTable(text: string): Row[] {
  return [...text.matchAll(/^\| ([A-Z][A-Z_]+) +\| (.+?) +\| (.+?) +\|$/gm)].map(([, code, source, proof]) => ({
    code: code!,
    source: source!,
    proof: proof!,
  }));
}

/** The rules in the order of the data, each with its sources. */
function listExpected(): { code: string; source: string }[] {
  return loadRules("gate-rules").flatMap(({ rules, sources }) => {
    const named = sources.map(({ repository, path }) => `${repository}: \`${path}\``);
    return rules.map(({ code }) => ({ code, source: named.length === 0 ? "own" : named.join("; ") }));
  });
}

/** What is wrong with a row's proof; null where its file names the code. */
function findFault({ code, proof }: Row, read: (file: string) => string | null): string | null {
  const file = /^`(test\/[^`]+\.ts)`$/.exec(proof)?.[1];
  if (file === undefined) return `${code}: no test`;
  const text = read(file);
  if (text === null) return `${code}: there is no ${file}`;
  return new RegExp(`\\b${code}\\b`).test(text) ? null : `${code}: ${file} does not name it`;
}

const readFile = (file: string): string | null => {
  const path = join(findPackageRoot(), file);
  return existsSync(path) ? readFileSync(path, "utf8") : null;
};

describe("docs/gates.md", () => {
  const table = readTable(readFileSync(join(findPackageRoot(), "docs", "gates.md"), "utf8"));

  it("has a row for each rule of the gates, with its sources, and no other", () => {
    assert.deepEqual(
      table.map(({ code, source }) => ({ code, source })),
      listExpected(),
    );
  });

  it("every rule names a test that exists and names the code", () => {
    assert.deepEqual(
      table.flatMap((row) => findFault(row, readFile) ?? []),
      [],
    );
  });

  it("negative twin: a missing file, a file without the code and a rule without proof are found", () => {
    const rows = [
      "| LAG | own | `test/no/such.spec.ts` |",
      "| LAG_NONE | own | `test/docs/law.spec.ts` |",
      "| SET_NAME | own | - |",
      "| NOT_FOUND | own | open: issue 14 |",
    ].join("\n");
    assert.deepEqual(
      readTable(rows).flatMap((row) => findFault(row, readFile) ?? []),
      [
        "LAG: there is no test/no/such.spec.ts",
        "LAG_NONE: test/docs/law.spec.ts does not name it",
        "SET_NAME: no test",
        "NOT_FOUND: no test",
      ],
    );
  });
});
