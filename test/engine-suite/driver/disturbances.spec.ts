import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getShippedFolder } from "../../../lib/planning/matrix/load.js";
import { drive } from "../../../lib/driver/drive.js";
import { moveByHand } from "./by-hand.js";
import { disturbedRig, onEachEngine, seed, describeEnd, type DisturbedRig } from "./disturbed-rig.js";

onEachEngine("disturbances", 1800, (engineName) => {
  let disturbed: DisturbedRig;
  afterEach(async () => disturbed?.rig.dispose());

  const lastHop = { from: "4.6.41", to: "4.7.20" };
  const twoHops = { from: "4.6.36", to: "4.7.20" };

  async function enrolled(route: { from: string; to: string }): Promise<DisturbedRig> {
    disturbed = await disturbedRig(engineName, route);
    await disturbed.run({ to: route.from });
    return disturbed;
  }

  it("a matrix that is withdrawn half-way: nothing moves along a row that is gone", async () => {
    disturbed = await disturbedRig(engineName, twoHops);
    const { rig, run, reaches } = disturbed;
    const shipped = readFileSync(join(getShippedFolder(), `${seed}.json`), "utf8");
    const file = join(rig.projectDir, "matrix.json");
    writeFileSync(file, shipped);
    rig.set("matrix", file);
    const half = await run({ maxHops: 1 });
    assert.equal(half.applied, "4.6.41", describeEnd(half));
    const matrix = JSON.parse(shipped) as { rows: [from: string, to: string, ...rest: unknown[]][] };
    const kept = matrix.rows.filter(([from]) => from !== "4.6.41");
    writeFileSync(file, JSON.stringify({ ...matrix, rows: kept }));
    const refused = await run();
    assert.deepEqual([refused.exitCode, refused.applied, refused.updates], [3, "4.6.41", []], describeEnd(refused));
    assert.equal(refused.refusals[0]?.code, "NO_ROUTE");
    writeFileSync(file, shipped);
    await reaches("4.7.20");
  });

  for (const [title, version, code] of [
    [
      "upgrade between preview and update is refused, not built upon, until a person accepts it",
      "4.7.3",
      "UNEXPLAINED_VERSION",
    ],
    ["rollback between preview and update is a downgrade: refused, and nobody can accept it", "4.6.36", "DOWNGRADED"],
  ] as const) {
    it(`a hand-made ${title}`, async () => {
      const { rig, run, byHand } = await enrolled(lastHop);
      byHand.push(`4.6.41 -> ${version}`);
      const end = await drive(rig.engine, {
        maxTurns: 1,
        signal: new AbortController().signal,
        onRun: () => undefined,
        onTurn: () => undefined,
        decide: async () => {
          await moveByHand(rig.site, version);
          return { kind: "go" };
        },
      });
      assert.equal(end.kind, "refused");
      const codes = end.kind === "refused" ? end.refusals.map((refusal) => refusal.code) : [];
      assert.ok(codes.includes(code), codes.join());
      assert.deepEqual(await rig.history(), ["1 superseded 4.6.41", `2 deployed ${version}`]);
      await disturbed.check();
      const again = await run();
      assert.deepEqual([again.exitCode, again.refusals[0]?.code], [3, code], describeEnd(again));
      disturbed.rig.set("installedVersion.accepted", version);
      const accepted = await run();
      if (code === "DOWNGRADED") {
        assert.deepEqual(
          [accepted.exitCode, accepted.refusals[0]?.code, accepted.updates],
          [3, code, []],
          describeEnd(accepted),
        );
        return;
      }
      assert.equal(accepted.updates[0]?.step, "settle", describeEnd(accepted));
      assert.equal(accepted.updates[0]?.outcome, "succeeded", describeEnd(accepted));
    });
  }

  it("the wrong cluster is refused before anything is touched", async () => {
    const { rig, run, reaches } = await enrolled(lastHop);
    await rig.site.changeFaults({ add: [{ name: "wrong-cluster" }] });
    const refused = await run();
    assert.deepEqual([refused.exitCode, refused.refusals[0]?.code], [3, "CLUSTER_MISMATCH"], describeEnd(refused));
    assert.deepEqual(await rig.history(), ["1 deployed 4.6.41"]);
    await rig.site.changeFaults({ clear: ["wrong-cluster"] });
    await reaches("4.7.20");
  });
});
