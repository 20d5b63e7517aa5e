import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { verifyChain } from "../../lib/journal/chain.js";
import { computeSha256 } from "../../lib/planning/matrix/checksums.js";
import { loadMatrix } from "../../lib/planning/matrix/load.js";
import { formatMatrixFile } from "../../lib/planning/matrix/matrix-file.js";
import { loadDeclaredMatrix } from "../../lib/policy/supported-hop.js";
import { describeEnd, ended } from "./driver/disturbed-rig.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";

const route = { from: "4.6.41", to: "4.7.20" };
const file = "own/matrix.json";

/** Rows of a shipped matrix that the test needs, as `matrix import --folder` would write them; returns the checksum. */
function writeMatrixFile({ rig }: DriverRig, froms: readonly string[]): string {
  const shipped = loadMatrix("palette-kubernetes-4.7.20");
  const rows = shipped.rows.filter(({ from, to }) => froms.includes(from) && to === route.to);
  const text = formatMatrixFile({ ...shipped, rows });
  mkdirSync(join(rig.projectDir, "own"), { recursive: true });
  writeFileSync(join(rig.projectDir, file), text);
  return computeSha256(text);
}

/** Matrices that the journal of a stack names, one for each run. */
function listJournalMatrices({ rig }: DriverRig): unknown[] {
  const text = readFileSync(join(rig.projectDir, `.palette/journal/${rig.stack}.jsonl`), "utf8");
  const { entries, fault } = verifyChain(text.trimEnd().split("\n"));
  assert.equal(fault, null);
  return entries.flatMap(({ event }) => (event.kind === "run-started" ? [event.matrix] : []));
}

describe("a stack pinned to a file matrix, by a path relative to its project", function () {
  this.timeout(900_000);
  let stage: DriverRig;

  before(async () => {
    stage = await driverRig("embedded", route, { matrix: file }, { stack: "staging" });
  });
  after(async () => {
    await stage?.rig.dispose();
  });

  it("whose file has no such row is enrolled and then refused; nothing moves", async () => {
    writeMatrixFile(stage, ["4.7.3"]);
    const refused = await stage.up();
    assert.deepEqual([refused.exitCode, refused.applied], [3, "4.6.41"], describeEnd(refused));
  });

  it("with the row it hops, and records the path as written and the file's checksum in outputs and journal", async () => {
    const sha256 = writeMatrixFile(stage, [route.from]);
    assert.deepEqual(ended(await stage.up()), ["done", 0, "4.7.20"]);
    assert.deepEqual(listJournalMatrices(stage).at(-1), { id: file, sha256 });
    const outputs = await stage.rig.engine.outputs();
    const [hop] = outputs["verifiedHops"] as { matrix: string; matrixSha256: string }[];
    assert.deepEqual([hop!.matrix, hop!.matrixSha256], [file, sha256]);
    assert.match(await stage.status(), /target +4\.7\.20 \(own\/matrix\.json\)/);
  });

  it("negative twin: the same path names nothing in another folder, such as the policy pack's checkout", () => {
    assert.throws(() => loadDeclaredMatrix(file), { code: "MATRIX_FILE_MISSING" });
  });
});
