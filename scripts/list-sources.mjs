// Lists what the refresh has to fetch, from data/ alone and without any package: `node scripts/list-sources.mjs [DATA]`.
// Lines of `repository commit path`; of `HEAD` where today's version is meant, of `RELEASES` where that of each release branch is.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const data = process.argv[2] ?? join(import.meta.dirname, "..", "data");
const folders = [data, join(data, "matrices")];
const lines = new Set();

function listFrom(value, isMatrix) {
  if (typeof value !== "object" || value === null) return;
  const { repository, path, commit } = value;
  if (typeof repository === "string" && typeof path === "string") {
    for (const ref of ["HEAD", ...(isMatrix ? ["RELEASES"] : (commit ?? []).length > 0 ? [commit] : [])])
      lines.add(`${repository}\t${ref}\t${path}`);
  } else for (const each of Object.values(value)) listFrom(each, isMatrix);
}

for (const folder of folders)
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".json")))
    listFrom(JSON.parse(readFileSync(join(folder, name), "utf8")), folder !== data);
process.stdout.write([...lines].sort().join("\n") + "\n");
