import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { inFolder } from "../planning/matrix/temporary-folder.js";
import { writeIn } from "./write-in.js";

const root = findPackageRoot();
const repository = "vendor/docs";
const [then, now, release, lost] = ["1", "9", "8", "7"].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];

/** Answers as `gh api` does, from files named after the address; an address without a file is not found. */
const fakeGh = `#!/usr/bin/env bash
for word in "$@"; do case $word in repos/*) address=$word;; expression=*) address=${"$"}{word#expression=};; esac; done
case $address in
  1*:_partials) printf '_partials/_own.mdx\\t%s\\n_partials/a/b/_deep.mdx\\t%s\\n' "$(printf one | base64)" "$(printf 'two\\nlines' | base64)";;
  *:_partials) ;;
  */broken/*) echo "HTTP 500" >&2; exit 1;;
  repos/vendor/docs) echo master;;
  repos/vendor/docs/commits/master) echo ${now};;
  repos/vendor/docs/git/matching-refs/heads/docs-rel-) printf 'refs/heads/docs-rel-4-9-a\\t${release}\\n';;
  repos/vendor/docs/git/*) ;;
  repos/*/commits/[189]*) echo found;;
  */contents/a/there.md*) echo "text of $address"; printf '<PartialsComponent\\n  category="a"\\n  name="own"\\n/>\\n';;
  */contents/*there.md*) echo "text of $address";;
  *) echo "HTTP 404: Not Found" >&2; exit 1;;
esac
`;

function fetchInto(
  folder: string,
  cited: { source: object }[],
  matrix: string,
): { status: number | null; stderr: string } {
  const tools = join(folder, "tools");
  writeIn(tools, "gh", fakeGh);
  chmodSync(join(tools, "gh"), 0o755);
  for (const script of ["fetch-sources.sh", "list-sources.mjs"])
    writeIn(folder, `scripts/${script}`, readFileSync(join(root, "scripts", script), "utf8"));
  writeIn(folder, "data/advisories.json", JSON.stringify({ rows: cited }));
  writeIn(folder, "data/matrices/one.json", JSON.stringify({ source: { repository, path: matrix, commit: then } }));
  return spawnSync("bash", ["scripts/fetch-sources.sh", "snapshot"], {
    cwd: folder,
    env: { ...process.env, PATH: `${tools}${delimiter}${process.env["PATH"] ?? ""}` },
    encoding: "utf8",
  });
}

describe("fetch-sources", () => {
  const citing = (of: string, path: string, commit: string): { source: object } => ({
    source: { repository: of, path, commit },
  });

  it("fetches each path at the commit it was read at, of today, matrix pages of release branches, and partials of commits that include any", () => {
    inFolder((folder) => {
      const cited = [
        citing(repository, "a/there.md", then),
        citing(repository, "absent.md", lost),
        citing("gone/docs", "there.md", then),
      ];
      const { status, stderr } = fetchInto(folder, cited, "matrix-there.md");

      assert.deepEqual([status, stderr], [0, ""]);
      const snapshot = join(folder, "snapshot");
      assert.equal(
        readFileSync(join(snapshot, "heads.tsv"), "utf8"),
        `${repository}\tmaster\t${now}\n${repository}\tdocs-rel-4-9-a\t${release}\n`,
      );
      const files = readdirSync(join(snapshot, "files", repository), { recursive: true, withFileTypes: true })
        .filter((each) => each.isFile())
        .map((each) => join(each.parentPath, each.name).slice(join(snapshot, "files", repository).length + 1))
        .sort();
      assert.deepEqual(files, [
        `${then}/.fetched`,
        `${then}/_partials/_own.mdx`,
        `${then}/_partials/a/b/_deep.mdx`,
        `${then}/a/there.md`,
        `${release}/.fetched`,
        `${release}/matrix-there.md`,
        `${now}/.fetched`,
        `${now}/a/there.md`,
        `${now}/matrix-there.md`,
      ]);
      assert.equal(
        readFileSync(join(snapshot, "files", repository, then, "a/there.md"), "utf8"),
        `text of repos/${repository}/contents/a/there.md?ref=${then}\n<PartialsComponent\n  category="a"\n  name="own"\n/>\n`,
      );
      assert.equal(
        readFileSync(join(snapshot, "files", repository, then, "_partials/a/b/_deep.mdx"), "utf8"),
        "two\nlines",
      );
    });
  });

  it("negative twin: an error other than not found ends it, naming what was asked", () => {
    inFolder((folder) => {
      const { status, stderr } = fetchInto(folder, [citing(repository, "broken/there.md", then)], "matrix-there.md");

      assert.equal(status, 1);
      assert.match(
        stderr,
        /^gh api -H Accept: application\/vnd\.github\.raw\+json repos\/vendor\/docs\/contents\/broken\/there\.md\?ref=9{40}: HTTP 500$/m,
      );
    });
  });
});
