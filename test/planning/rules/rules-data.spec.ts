import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import semver from "semver";
import { listEdges, listVersions } from "../../../lib/planning/matrix/lookup.js";
import { loadShippedMatrices } from "../../../lib/planning/matrix/load.js";
import { findPackageRoot } from "../../../lib/base/process/package-root.js";
import { type HopOfKind, matchesHop } from "../../../lib/planning/rules/hop-match.js";
import { ruleFiles } from "../../../lib/planning/rules/check-rules.js";
import { editions, methods } from "../../../lib/planning/matrix/types.js";
import { loadRules } from "../../../lib/planning/rules/rules.js";
import { type AdvisoryRow, gateNames, roles, type RuleRow } from "../../../lib/planning/rules/types.js";
import { compareVersions } from "../../../lib/planning/version/version.js";

const files = ruleFiles;
const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(findPackageRoot(), "data", ...path), "utf8"));
const ruleRows = (): RuleRow[] => [...loadRules("gates"), ...loadRules("acts"), ...loadRules("advisories")];
const hops = (): HopOfKind[] =>
  loadShippedMatrices().flatMap((matrix) =>
    listVersions(matrix).flatMap((from) =>
      listEdges(matrix)
        .from(from)
        .map((to) => ({ edition: matrix.edition, method: matrix.method, from, to })),
    ),
  );
const matching = (row: RuleRow, all: ReturnType<typeof hops>): number =>
  all.filter((hop) => matchesHop(row, hop)).length;

describe("rule files", () => {
  for (const file of files) {
    const compile = (id: string): ValidateFunction =>
      new Ajv({ allErrors: true, schemas: [read("schemas", "common.schema.json") as object] }).compile({
        ...(read("schemas", `${file}.schema.json`) as object),
        $id: id,
      });

    it(`data/${file}.json fits its schema`, () => {
      const validate = compile(`${file}.schema.json`);
      assert.ok(validate(read(`${file}.json`)), JSON.stringify(validate.errors));
    });

    it(`data/${file}.json with a key that nobody knows, or without a source, does not fit`, () => {
      const validate = compile(`${file}-negative.schema.json`);
      const { rows } = read(`${file}.json`) as { rows: Record<string, unknown>[] };
      assert.ok(!validate({ rows: [{ ...rows[0], colour: "red" }] }));
      assert.ok(!validate({ rows: [{ ...rows[0], source: undefined, readOn: "yesterday" }] }));
    });
  }

  it("names that the code lists are those of the schemas", () => {
    const { $defs } = read("schemas", "common.schema.json") as { $defs: Record<string, { enum: string[] }> };
    assert.deepEqual([...gateNames], [...$defs.plannedGate!.enum, "own-check"]);
    assert.deepEqual([...roles], $defs.role!.enum);
    assert.deepEqual([...editions], $defs.edition!.enum);
    assert.deepEqual([...methods], $defs.method!.enum);
  });

  it("ids are unique over all rule files", () => {
    const ids = [...ruleRows(), ...loadRules("charts"), ...loadRules("workloads")].map((row) => row.id);
    assert.deepEqual(
      ids.filter((id, i) => ids.indexOf(id) !== i),
      [],
    );
  });

  it("every range can be read, and an edge's ranges are not empty", () => {
    const ranges = [
      ...ruleRows().flatMap((row) => [row.edge.from, row.edge.to].filter((range) => range !== undefined)),
      ...[...loadRules("charts"), ...loadRules("workloads")].map((row) => row.versions),
    ];
    for (const range of ranges) assert.notEqual(semver.validRange(range), null, range);
  });

  it("every row is of a hop of a shipped matrix, or says why not", () => {
    const all = hops();
    const wrong = ruleRows()
      .map((row) => ({ id: row.id, matches: matching(row, all), explained: row.matchesNothingBecause !== undefined }))
      .filter(({ matches, explained }) => (matches === 0) !== explained);
    assert.deepEqual(wrong, []);
  });

  it("only the gates that no page of the vendor's asks for go without a source", () => {
    const own = ruleRows().filter((row) => row.source === null);
    assert.deepEqual(
      own.map((row) => row.id),
      ["gate-window-before", "gate-promotion-before"],
    );
  });

  it("an advisory that steers says only where not to stop", () => {
    const steering = loadRules("advisories").filter((row) => row.severity === "avoid");
    assert.ok(steering.length >= 4);
    for (const row of steering) assert.deepEqual(Object.keys(row.edge), ["to"], row.id);
  });

  it("no advisory blocks a hop that a shipped matrix supports", () => {
    const all = hops();
    const blocking = loadRules("advisories").filter((row: AdvisoryRow) => row.severity === "block");
    assert.deepEqual(
      blocking.filter((row) => matching(row, all) > 0),
      [],
    );
  });

  it("kubernetes.json lists each release once, oldest first, and never a lower Kubernetes for a newer release", () => {
    const rows = loadRules("kubernetes");
    for (const [i, row] of rows.slice(1).entries()) {
      const before = rows[i]!;
      assert.ok(compareVersions(before.palette, row.palette) < 0, `${before.palette} before ${row.palette}`);
      const [low, high] = [before, row].map((each) => semver.coerce(each.highest.replace(".x", ".0"))!);
      assert.ok(semver.lte(low!, high!), `${before.palette} ${before.highest}, ${row.palette} ${row.highest}`);
    }
  });

  it("charts.json names each role once, in the order in which releases move", () => {
    const rows = [...loadRules("charts")].sort((a, b) => a.order - b.order);
    assert.deepEqual(
      rows.map((row) => row.role),
      [...roles],
    );
  });

  it("workloads.json covers every listed version exactly once", () => {
    const listed = [...new Set([...loadShippedMatrices().flatMap(listVersions), "3.4.1", "4.10.25", "5.0.0"])];
    for (const version of listed) {
      const covering = loadRules("workloads").filter((row) => semver.satisfies(version, row.versions));
      assert.equal(covering.length, 1, version);
    }
  });
});
