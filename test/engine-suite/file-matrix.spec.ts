import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { exportPromotion } from "../../lib/cli/promotion-command.js";
import { verifyChain } from "../../lib/journal/chain.js";
import { computeSha256 } from "../../lib/planning/matrix/checksums.js";
import { loadMatrix } from "../../lib/planning/matrix/load.js";
import { formatMatrixFile } from "../../lib/planning/matrix/matrix-file.js";
import { loadDeclaredMatrix } from "../../lib/policy/supported-hop.js";
import { readState } from "../../packages/rehearsal/lib/engine/state.js";
import { createSiteClock } from "../../lib/program/rehearsal/site-clock.js";
import { rehearsalVariable } from "../../lib/program/rehearsal/variables.js";
import { describeEnd, ended } from "./driver/disturbed-rig.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";
import { askPolicyPack, makePackCheckout } from "./support/policy-process.js";
import { fullName } from "./support/program-rig.js";

const route = { from: "4.6.41", to: "4.7.20" };
const file = "own/matrix.json";

/** Rows of a shipped matrix that the test needs, as `matrix import --folder` would write them; returns the checksum. */
function writeMatrixFile(folder: string, froms: readonly string[]): string {
  const shipped = loadMatrix("palette-kubernetes-4.7.20");
  const rows = shipped.rows.filter(({ from, to }) => froms.includes(from) && to === route.to);
  const text = formatMatrixFile({ ...shipped, rows });
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), text);
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
  let prod: DriverRig;

  before(async () => {
    stage = await driverRig("embedded", route, { matrix: file }, { stack: "staging" });
    prod = await driverRig("embedded", route, { matrix: file });
  });
  after(async () => {
    await prod?.rig.dispose();
    await stage?.rig.dispose();
  });

  it("whose file has no such row is enrolled and then refused; nothing moves", async () => {
    writeMatrixFile(stage.rig.projectDir, ["4.7.3"]);
    const refused = await stage.up();
    const steps = refused.updates.map(({ step, outcome }) => `${step} ${outcome}`);
    assert.deepEqual([refused.exitCode, refused.applied, steps], [3, "4.6.41", ["enrol succeeded"]]);
    assert.match(refused.refusals[0]!.message, /own\/matrix\.json/);
  });

  it("with the row it hops, and records the path as written and the file's checksum in outputs and journal", async () => {
    const sha256 = writeMatrixFile(stage.rig.projectDir, [route.from]);
    assert.deepEqual(ended(await stage.up()), ["done", 0, "4.7.20"]);
    assert.deepEqual(listJournalMatrices(stage).at(-1), { id: file, sha256 });
    const outputs = await stage.rig.engine.outputs();
    const [hop] = outputs["verifiedHops"] as { matrix: string; matrixSha256: string }[];
    assert.deepEqual([hop!.matrix, hop!.matrixSha256], [file, sha256]);
    assert.match(await stage.status(), /target +4\.7\.20 \(own\/matrix\.json\)/);
  });

  it("is accepted by the policy pack of a checkout with that file, and refused without its row or without the file", async () => {
    const { resources } = readState(stage.rig.stateFile, "palette", "staging");
    const checkout = makePackCheckout();
    const judge = (): Promise<string[]> => askPolicyPack(checkout, resources, stage.rig.config);
    try {
      writeMatrixFile(checkout, [route.from]);
      assert.deepEqual(await judge(), []);
      writeMatrixFile(checkout, ["4.7.3"]);
      assert.deepEqual(await judge(), [
        `supported-hop: The hop 4.6.41 -> 4.7.20 is no supported row of ${file}. See the route there is: palette-upgrade plan --from 4.6.41 --to 4.7.20 --matrix ${file}.`,
      ]);
      rmSync(join(checkout, file));
      assert.deepEqual(await judge(), [
        `supported-hop: The hop 4.6.41 -> 4.7.20 cannot be judged: There is no matrix file ${join(checkout, file)}.`,
      ]);
    } finally {
      rmSync(checkout, { recursive: true });
    }
  });

  it("promotes: its signed file lets a stack with the same file matrix hop", async () => {
    const pair = generateKeyPairSync("ed25519");
    const place = (name: string): string => join(prod.rig.projectDir, "own", name);
    const sha256 = writeMatrixFile(prod.rig.projectDir, [route.from]);
    writeFileSync(place("key"), pair.privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    writeFileSync(place("pub"), pair.publicKey.export({ type: "spki", format: "pem" }));
    await createSiteClock(prod.rig.site.environment[rehearsalVariable]!).sleep(25 * 3600);
    await exportPromotion({ stack: "staging", key: place("key"), out: place("hops.json") }, stage.shell);
    prod.rig.set("promotion.file", "own/hops.json");
    prod.rig.set("promotion.key", "own/pub");
    prod.rig.set("promotion.stage", fullName("staging"));
    const done = await prod.up();
    assert.deepEqual(ended(done), ["done", 0, "4.7.20"], describeEnd(done));
    const judged = done.updates.flatMap(({ gates }) => gates).find(({ gate }) => gate === "promotion");
    assert.equal(judged?.outcome, "pass");
    assert.deepEqual(listJournalMatrices(prod), [{ id: file, sha256 }]);
  });

  it("negative twin: the same path names nothing in another folder, such as the policy pack's checkout", () => {
    assert.throws(() => loadDeclaredMatrix(file), { code: "MATRIX_FILE_MISSING" });
  });
});
