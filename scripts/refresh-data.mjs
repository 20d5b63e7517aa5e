// Compares a snapshot of the vendor's documentation with what data/ was made from, writes the matrices that changed and a
// report: `tsx scripts/refresh-data.mjs SNAPSHOT OUT [DATA]`. It reads the folder that it is given, and fetches nothing.
//
// SNAPSHOT/heads.tsv holds `repository branch commit`, the default branch of a repository first. Below SNAPSHOT/files stand
// `owner/name/COMMIT/path`, with a file `.fetched` in each folder of a commit that could be read: what is missing there is no
// part of that commit. OUT gets report.md (empty if nothing has changed) and loud.md (what must not be passed over).
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { checkMatrices } from "../lib/cli/matrix/matrix-commands.ts";
import { renderDiff } from "../lib/cli/matrix/matrix-text.ts";
import { loadMatrix, loadShippedMatrices } from "../lib/planning/matrix/load.ts";
import { createMatrix, writeMatrices } from "../lib/planning/matrix/store.ts";
import { diffMatrices } from "../lib/planning/plan/matrix-diff.ts";
import { listCitations } from "../lib/planning/refresh/citations.ts";
import { compareSources } from "../lib/planning/refresh/compare-sources.ts";
import { readMatrixPage } from "../lib/planning/refresh/matrix-pages.ts";
import { isUnchanged, listLoud, renderRefresh } from "../lib/planning/refresh/render-refresh.ts";

const shippedData = join(import.meta.dirname, "..", "data");
const [snapshot, out, data = shippedData] = process.argv.slice(2);
if (out === undefined) throw new Error("refresh-data SNAPSHOT OUT [DATA]");
const matricesFolder = join(data, "matrices");
const readOn = new Date().toISOString().slice(0, 10);

const heads = readFileSync(join(snapshot, "heads.tsv"), "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split("\t"))
  .map(([repository, branch, commit]) => ({ repository, branch, commit }));
const defaults = new Map();
for (const head of heads) if (!defaults.has(head.repository)) defaults.set(head.repository, head);

function readSource(repository, commit, path) {
  const folder = resolve(snapshot, "files", repository, commit);
  if (!existsSync(join(folder, ".fetched"))) return { kind: "not fetched" };
  const file = resolve(folder, path);
  if (!file.startsWith(folder + sep) || !existsSync(file)) return { kind: "no such path" };
  return { kind: "text", text: readFileSync(file, "utf8") };
}

/** The partials that scripts/fetch-sources.sh has found beside the pages of a commit. */
function listPartials(repository, commit) {
  const folder = resolve(snapshot, "files", repository, commit);
  if (!existsSync(join(folder, "_partials"))) return [];
  return readdirSync(join(folder, "_partials"), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name))
    .map((file) => ({ path: relative(folder, file).split(sep).join("/"), text: readFileSync(file, "utf8") }));
}

const all = loadShippedMatrices(matricesFolder);
const newest = [...new Map(all.map((matrix) => [`${matrix.edition} ${matrix.method}`, matrix])).values()];
const rules = readdirSync(data)
  .filter((name) => name.endsWith(".json"))
  .map((name) => ({ name, content: JSON.parse(readFileSync(join(data, name), "utf8")) }));
const commits = new Map([...defaults].map(([repository, { commit }]) => [repository, commit]));
const refresh = {
  sources: compareSources(listCitations(rules, newest), commits, { read: readSource, listPartials }),
  faults: [],
  added: [],
  diffs: [],
  unchecked: "",
  heads: [...defaults.values()].map(
    ({ repository, branch, commit }) => `${repository} ${branch} ${commit.slice(0, 10)}`,
  ),
};

const pages = new Map(all.map(({ source }) => [`${source.repository} ${source.path}`, source]));
for (const head of heads) {
  const isDefault = defaults.get(head.repository) === head;
  for (const { repository, path } of pages.values()) {
    if (repository !== head.repository) continue;
    const page = isDefault ? path : `${path} on branch ${head.branch}`;
    const isSource = isDefault && newest.some(({ source }) => source.repository === repository && source.path === path);
    const source = readSource(repository, head.commit, path);
    if (source.kind !== "text") {
      const why = source.kind === "no such path" ? "the page is gone" : "the page was not fetched";
      if (isSource) refresh.faults.push({ page, what: `${why}; the rows of newest matrices came from it.` });
      continue;
    }
    const read = readMatrixPage(source.text, path, newest, isSource);
    if (isSource) refresh.faults.push(...read.faults.map((what) => ({ page, what })));
    refresh.added.push(...read.added.map((what) => ({ page, what })));
    for (const changed of read.changed) writeMatrix(changed, { repository, path, commit: head.commit });
  }
}

function writeMatrix(imported, source) {
  const before = newest.find(({ edition, method }) => edition === imported.edition && method === imported.method);
  const matrix = createMatrix(imported, source, readOn);
  writeMatrices([matrix], matricesFolder, true);
  const after = loadMatrix(matrix.id, matricesFolder);
  refresh.diffs.push(
    before === undefined
      ? { title: `${matrix.id}: the first matrix of its kind`, text: `rows: ${matrix.rows.length}` }
      : { title: `${before.id} to ${matrix.id}`, text: renderDiff(before, after, diffMatrices(before, after)) },
  );
}

if (refresh.diffs.length > 0) {
  const { text, exitCode } = await checkMatrices(data === shippedData ? undefined : matricesFolder);
  if (exitCode !== 0) refresh.unchecked = text;
}
mkdirSync(out, { recursive: true });
const report = renderRefresh(refresh);
const loud = listLoud(refresh).map((line) => `${line}\n`);
writeFileSync(join(out, "report.md"), isUnchanged(refresh) ? "" : report);
writeFileSync(join(out, "loud.md"), loud.join(""));
process.stdout.write(isUnchanged(refresh) ? `Nothing has changed.\n\n${report}` : report);
