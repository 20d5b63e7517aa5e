// Imports pages of the vendor's documentation and writes down what changed: `node scripts/refresh-data.mjs REPOSITORY COMMIT
// CHECKOUT REPORT PAGE…`. A page whose rows are those of the newest shipped matrix changes nothing. Needs a build.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [repository, commit, checkout, reportFile, ...pages] = process.argv.slice(2);
if (pages.length === 0) throw new Error("refresh-data REPOSITORY COMMIT CHECKOUT REPORT PAGE…");

const cli = (...args) =>
  execFileSync(process.execPath, [join(root, "bin/palette-upgrade"), "matrix", ...args], { encoding: "utf8" });
const kept = mkdtempSync(join(tmpdir(), "matrices-"));
const facts = (rows) => JSON.stringify(rows.map(([from, to, mark]) => `${from} ${to} ${mark}`).sort());

// Copies of what is shipped now: a page that changes without a new release keeps its matrix's id.
const newest = new Map();
for (const { id, edition, method } of JSON.parse(cli("list", "--output", "json"))) {
  const copy = join(kept, `${id}.json`);
  copyFileSync(join(root, "data/matrices", `${id}.json`), copy);
  newest.set(`${edition} ${method}`, { id, copy });
}

const report = [];
for (const page of pages) {
  const file = join(checkout, page);
  const read = JSON.parse(cli("import", file, "--path", page, "--output", "json"));
  const changed = read.matrices.filter(({ edition, method, rows }) => {
    const shipped = newest.get(`${edition} ${method}`);
    return (
      shipped === undefined || facts(rows) !== facts(JSON.parse(cli("show", shipped.copy, "--output", "json")).rows)
    );
  });
  if (changed.length === 0) continue;
  const told = cli(
    "import",
    file,
    "--write",
    "--changed-only",
    "--repository",
    repository,
    "--path",
    page,
    "--commit",
    commit,
  );
  report.push(`### ${page}`, "```text", told.trimEnd(), "```");
  const ids = new Map(
    JSON.parse(cli("list", "--output", "json")).map((each) => [`${each.edition} ${each.method}`, each.id]),
  );
  for (const { edition, method } of changed) {
    const key = `${edition} ${method}`;
    const before = newest.get(key);
    if (before === undefined) report.push(`${key}: the first matrix of its kind.`);
    else
      report.push(
        `#### ${before.id} to ${ids.get(key)}`,
        "```text",
        cli("diff", before.copy, ids.get(key)).replaceAll(before.copy, before.id).trimEnd(),
        "```",
      );
  }
}
if (report.length > 0) report.push(...faultsLeft());
writeFileSync(reportFile, report.length === 0 ? "" : `Rows as of ${repository} ${commit}.\n\n${report.join("\n")}\n`);
process.stdout.write(report.length === 0 ? "Nothing has changed.\n" : `${report.join("\n")}\n`);

/** New rows may want rules fixed, e.g. an advisory that said it was of no hop yet: that is said, and left to a person. */
function faultsLeft() {
  try {
    cli("check");
    return [];
  } catch (error) {
    return ["#### To be fixed before merging", "```text", String(error.stdout).trimEnd(), "```"];
  }
}
