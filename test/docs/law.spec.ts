import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { loadRules } from "../../lib/planning/rules/rules.js";

interface Sentence {
  id: string;
  section: string;
  tests: { file: string; title: string }[];
  issues: number[];
}

/** The sentences of docs/law.md, each with its proofs. */
function readLaw(text: string): Sentence[] {
  return text
    .split(/^- \*\*/m)
    .slice(1)
    .map((part) => ({
      id: /^([A-Z]\d+)\*\*/.exec(part)?.[1] ?? part.slice(0, 20),
      section: /\*\* \(([^)]+)\)/.exec(part)?.[1] ?? "",
      tests: [...part.matchAll(/^ {2}- test: `([^`]+)` "(.+)"$/gm)].map(([, file, title]) => ({
        file: file!,
        title: title!,
      })),
      issues: [...part.matchAll(/^ {2}- open: issue (\d+)/gm)].map(([, number]) => Number(number)),
    }));
}

/** What is wrong with a sentence's proofs; empty where each is there. `read` gives a file's text, null where it is missing. */
function faults({ id, tests, issues }: Sentence, read: (file: string) => string | null): string[] {
  const missing = tests.flatMap(({ file, title }) => {
    const text = read(file);
    if (text === null) return [`${id}: there is no ${file}`];
    return text.includes(title) ? [] : [`${id}: ${file} has no test "${title}"`];
  });
  return tests.length + issues.length === 0 ? [`${id}: neither a test nor an issue`] : missing;
}

const readFile = (file: string): string | null => {
  const path = join(findPackageRoot(), file);
  return /^(packages\/[a-z]+\/)?test\//.test(file) && existsSync(path) ? readFileSync(path, "utf8") : null;
};

describe("docs/law.md", () => {
  const text = readFileSync(join(findPackageRoot(), "docs", "law.md"), "utf8");
  const [covered = "", notCovered = ""] = text.split("## Not covered, because\n");
  const law = readLaw(covered);

  it("numbers the sentences of each page without a gap", () => {
    const least = { U: 12, P: 12, M: 9, N: 28, G: 4, V: 10, A: 14, X: 5, C: 7, T: 7, R: 72, K: 5 };
    assert.deepEqual([...new Set(law.map(({ id }) => id[0]))], Object.keys(least));
    for (const [page, count] of Object.entries(least)) {
      const ids = law.map(({ id }) => id).filter((id) => id.startsWith(page));
      assert.ok(ids.length >= count, `${page}: ${ids.length}`);
      assert.deepEqual(
        ids,
        ids.map((_, i) => `${page}${i + 1}`),
      );
    }
  });

  it("every sentence names a test that exists, or the issue that will prove it", () => {
    assert.deepEqual(
      law.flatMap((sentence) => faults(sentence, readFile)),
      [],
    );
  });

  it("every act and every advisory stands in a sentence", () => {
    const named = new Set(law.flatMap(({ tests }) => tests.map(({ title }) => title)));
    const missing = [...loadRules("acts"), ...loadRules("advisories")].filter(({ id }) => !named.has(id));
    assert.deepEqual(
      missing.map(({ id }) => id),
      [],
    );
  });

  it("what is not covered is numbered without a gap, names its page and says why", () => {
    const lines = notCovered.split("\n").filter((line) => line.startsWith("- "));
    assert.ok(lines.length >= 42, `${lines.length}`);
    for (const [index, line] of lines.entries())
      assert.match(line, new RegExp(`^- \\*\\*Z${index + 1}\\*\\* \\([^)]+\\) [A-Z].+: because .{15,}\\.$`));
  });

  it("negative twin: a test that is not there, a missing file and a sentence without proof are found", () => {
    const text = [
      '- **U1** (x) A.\n  - test: `test/planning/plan/expand.spec.ts` "no such title at all"\n',
      '- **U2** (x) B.\n  - test: `test/no/such.spec.ts` "title"\n',
      "- **U3** (x) C.\n",
      "- **U4** (x) D.\n  - open: issue 4 (later)\n",
    ].join("");
    assert.deepEqual(
      readLaw(text).flatMap((sentence) => faults(sentence, readFile)),
      [
        'U1: test/planning/plan/expand.spec.ts has no test "no such title at all"',
        "U2: there is no test/no/such.spec.ts",
        "U3: neither a test nor an issue",
      ],
    );
  });

  const shared = process.env.PALETTE_SHARED ?? join(findPackageRoot(), "..", "shared");
  const pages = { U: "upgrade-kubernetes.md", P: "pcg-upgrade.md" } as const;
  for (const [letter, page] of Object.entries(pages)) {
    it(`the sections it points to are those of ${page}`, function () {
      const file = join(shared, "sources", page);
      if (!existsSync(file)) {
        process.stderr.write(
          `      skipped: ${page} is not here (set PALETTE_SHARED to the folder that holds sources/)\n`,
        );
        this.skip();
      }
      const text = readFileSync(file, "utf8");
      const named = law.filter(({ id }) => id.startsWith(letter)).map(({ section }) => section.split(", ")[0]!);
      const unknown = named.filter(
        (section) => !["introduction", "table"].includes(section) && !text.includes(section),
      );
      assert.deepEqual(unknown, []);
    });
  }
});
