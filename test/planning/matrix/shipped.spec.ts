import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importPage } from "../../../lib/planning/matrix/page/import-page.js";
import { loadMatrix, listShippedIds } from "../../../lib/planning/matrix/load.js";
import { collectVersions } from "../../../lib/planning/matrix/lookup.js";
import type { Method } from "../../../lib/planning/matrix/types.js";
import { sharedFile } from "./shared-folder.js";

interface RowsFile {
  source: { repo: string; path: string; commit: string };
  edition: string;
  rows: Partial<Record<Method, [string, string, boolean, string][]>>;
}

/** id | rows | supported | releases, as counted by hand from the pages */
const shipped: [id: string, rows: number, supported: number, releases: number][] = [
  ["palette-kubernetes-4.7.20", 190, 189, 39],
  ["palette-kubernetes-4.8.21", 210, 209, 46],
  ["palette-kubernetes-4.9.22", 380, 379, 66],
  ["palette-kubernetes-4.9.51", 404, 403, 71],
  ["palette-vmware-4.7.20", 205, 204, 41],
  ["palette-vmware-4.8.21", 231, 230, 49],
  ["palette-vmware-4.9.22", 371, 370, 66],
  ["palette-vmware-4.9.51", 395, 371, 71],
  ["palette-appliance-4.8.22", 12, 10, 7],
  ["palette-appliance-4.9.22", 42, 41, 19],
  ["palette-appliance-4.9.51", 67, 66, 24],
  ["vertex-kubernetes-4.7.20", 191, 190, 39],
  ["vertex-kubernetes-4.9.51", 404, 403, 71],
  ["vertex-vmware-4.9.51", 395, 371, 71],
  ["vertex-appliance-4.9.51", 67, 66, 24],
];

describe("the shipped matrices", () => {
  it("are these, sorted by edition, method and newest release", () => {
    assert.deepEqual(
      listShippedIds(),
      shipped.map(([id]) => id),
    );
  });

  for (const [id, rows, supported, releases] of shipped) {
    it(`${id}: ${rows} rows, ${supported} supported, ${releases} releases`, () => {
      const matrix = loadMatrix(id);

      assert.equal(matrix.rows.length, rows);
      assert.equal(matrix.rows.filter((row) => row.mark === "supported").length, supported);
      assert.equal(collectVersions(matrix.rows).length, releases);
    });
  }

  it("palette-kubernetes-4.7.20 has one refusal, the wildcard 4.1.x -> 4.3.6", () => {
    const refusals = loadMatrix("palette-kubernetes-4.7.20").rows.filter((row) => row.mark !== "supported");

    assert.deepEqual(refusals, [
      { from: "4.1.x", to: "4.3.6", mark: "unsupported", section: "4.3.x and Prior", line: 267 },
    ]);
  });

  it("the Kubernetes page, imported again, differs in nothing", function () {
    const page = sharedFile("sources", "upgrade-kubernetes.md");
    if ("missing" in page) {
      this.test!.title += ` (${page.missing})`;
      return this.skip();
    }
    const imported = importPage(readFileSync(page.file, "utf8"));

    assert.deepEqual(imported.warnings, []);
    const [matrix] = imported.matrices;
    assert.deepEqual([matrix?.edition, matrix?.method], ["palette", "kubernetes"]);
    assert.deepEqual(matrix?.rows, loadMatrix("palette-kubernetes-4.7.20").rows);
  });

  it("equal the tables of rows they were made from, row for row", function () {
    const folder = sharedFile("data", "upgrade-rows");
    if ("missing" in folder) {
      this.test!.title += ` (${folder.missing})`;
      return this.skip();
    }
    const compared = readdirSync(folder.file).flatMap((name) => {
      const file = JSON.parse(readFileSync(join(folder.file, name), "utf8")) as RowsFile;
      return Object.entries(file.rows).map(([method, rows]) => compareWithShipped(file, method, rows));
    });

    assert.deepEqual(
      compared.sort(),
      listShippedIds()
        .filter((id) => id !== "palette-kubernetes-4.7.20")
        .sort(),
    );
  });
});

/** Finds the shipped matrix by source, edition and method and compares every row; gives its id. */
function compareWithShipped(file: RowsFile, method: string, rows: [string, string, boolean, string][]): string {
  const { repo: repository, path, commit } = file.source;
  const source = { repository, path, commit };
  const candidates = listShippedIds().map((id) => loadMatrix(id));
  const matrix = candidates.find(
    (each) => each.edition === file.edition && each.method === method && each.source.commit === commit,
  );
  assert.ok(matrix, `${file.edition} ${method} of ${commit} is not shipped`);
  assert.deepEqual(matrix.source, source);
  const firsts = rows.filter(
    ([from, to], index) => rows.findIndex((row) => row[0] === from && row[1] === to) === index,
  );
  const expected = firsts.map(([from, to, supported, section]) => {
    return { from, to, mark: supported ? "supported" : "unsupported", section, line: null };
  });
  assert.deepEqual(matrix.rows, expected);
  return matrix.id;
}
