import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { verifyChain } from "../../lib/journal/chain.js";
import { type JournalEntry } from "../../lib/journal/types.js";
import { type UpResult } from "../../lib/driver/up-result.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";
import { listEngines, skipWithoutEngine } from "./support/engines.js";

function updates(result: UpResult): string[] {
  return result.updates.map(({ step, from, to, outcome }) => `${step} ${from} ${to} ${outcome}`);
}

function journalOf({ rig }: DriverRig): { text: string; entries: JournalEntry[] } {
  const text = readFileSync(join(rig.projectDir, ".palette/journal/dev.jsonl"), "utf8");
  const { entries, fault } = verifyChain(text.trimEnd().split("\n"));
  assert.equal(fault, null);
  return { text, entries };
}

/** Helm itself refuses to render, and repeats a value: after the import, before anything moves. */
function breakChart({ rig }: DriverRig): () => Promise<void> {
  const found = readdirSync(join(rig.projectDir, "r/charts/release-4.7.20"), { recursive: true, encoding: "utf8" });
  const chart = found.find((name) => name.endsWith("Chart.yaml") && name.includes("mgmt-plane"))!;
  const templates = join(rig.projectDir, "r/charts/release-4.7.20", dirname(chart), "templates");
  mkdirSync(templates, { recursive: true });
  writeFileSync(
    join(templates, "broken.yaml"),
    '{{ fail (printf "planted failure at %s" .Values.mongo.databasePassword) }}\n',
  );
  return () => rm(templates, { recursive: true });
}

/** The state itself holds nothing in clear, and every older copy that does is named. */
async function onlyNamedCopiesHoldValues({ rig }: DriverRig, notes: string[]): Promise<void> {
  const backend = join(rig.projectDir, "backend");
  const files = readdirSync(backend, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(json|bak)$/.test(name),
  );
  const secrets = await rig.secrets();
  const holding = files.filter((name) => {
    const text = readFileSync(join(backend, name), "utf8");
    return secrets.some((secret) => text.includes(secret));
  });
  assert.ok(holding.length > 0, "an import leaves values in clear: without that this proves nothing");
  assert.ok(!holding.includes(".pulumi/stacks/palette/dev.json"), notes.join("\n"));
  for (const name of holding) assert.ok(notes.join("\n").includes(name), `${name} is not named`);
}

/** No secret on screen, in the results or in the journal. */
async function nothingReported(driver: DriverRig, results: UpResult[]): Promise<void> {
  const reported = [journalOf(driver).text, driver.shown(), JSON.stringify(results)].join("\n");
  for (const secret of await driver.rig.secrets()) assert.ok(!reported.includes(secret), "a secret in clear");
}

async function breakRelease({ rig }: DriverRig): Promise<() => Promise<void>> {
  await rig.site.changeFaults({ add: [{ name: "release-fails" }] });
  return () => rig.site.changeFaults({ clear: ["release-fails"] });
}

for (const engineName of listEngines()) {
  describe(`the driver on the ${engineName} engine`, function () {
    this.timeout(900_000);
    let driver: DriverRig;

    before(function () {
      skipWithoutEngine(this, engineName);
    });
    afterEach(async () => driver?.rig.dispose());

    it("4.6.36 -> 4.7.20: stops where it is told, goes on when it is run again, and tells all in the journal", async () => {
      driver = await driverRig(engineName, { from: "4.6.36", to: "4.7.20" });
      const first = await driver.up({ maxHops: 1, change: "CHG-7" });
      assert.deepEqual([first.outcome, first.exitCode, first.applied], ["stopped", 0, "4.6.41"], JSON.stringify(first));
      assert.deepEqual(updates(first), ["enrol 4.6.36 4.6.36 succeeded", "hop 4.6.36 4.6.41 succeeded"]);
      assert.deepEqual(first.remaining, ["4.7.20"]);
      assert.equal(first.message, "1 hop was made, as --max-hops asked.");

      const second = await driver.up();
      assert.deepEqual(
        [second.outcome, second.exitCode, second.applied],
        ["done", 0, "4.7.20"],
        JSON.stringify(second),
      );
      assert.deepEqual(updates(second), ["hop 4.6.41 4.7.20 succeeded"]);

      const { entries } = journalOf(driver);
      const kinds = entries.map(({ event }) => event.kind).filter((kind) => kind !== "gate" && kind !== "acknowledged");
      assert.deepEqual(kinds, [
        ...["run-started", "update-started", "update-ended", "update-started", "update-ended", "run-ended"],
        ...["run-started", "update-started", "update-ended", "run-ended"],
      ]);
      const hop = entries.map(({ event }) => event).find((e) => e.kind === "update-started" && e.to === "4.7.20");
      assert.ok(hop?.kind === "update-started" && /^[0-9a-f]{64}$/.test(hop.chartDigests.hubble ?? ""));
      const judged = new Set(entries.flatMap(({ event }) => (event.kind === "gate" ? [event.report.gate] : [])));
      for (const gate of ["mongo-replica-set", "pcg-readiness", "rollout", "pcg-catch-up"])
        assert.ok(judged.has(gate as never));
      const start = entries[0]!.event;
      assert.ok(
        start.kind === "run-started" &&
          start.change === "CHG-7" &&
          start.command === "up --stack dev --max-hops 1 --yes",
      );
      await nothingReported(driver, [first, second]);
    });

    it("a begun release that fails: values are sealed again, what holds them still is named, the next run goes on", async () => {
      driver = await driverRig(engineName, { from: "4.6.41", to: "4.7.20" });
      await driver.up({ to: "4.6.41" });
      const fix = engineName === "pulumi" ? breakChart(driver) : await breakRelease(driver);
      const failed = await driver.up();
      assert.deepEqual([failed.outcome, failed.exitCode], ["failed", 1], JSON.stringify(failed));
      assert.deepEqual(updates(failed), ["hop 4.6.41 4.7.20 failed"]);
      assert.equal(failed.refusals[0]?.code, "UPDATE_FAILED");
      // Helm itself records nothing of a chart that it cannot render.
      const moved =
        engineName === "pulumi"
          ? /^Helm's records show what moved: cert-manager from revision 1 \(deployed, \S+\) to revision 2 \(deployed, \S+\)\. Fix what/
          : /^Helm's records show what moved: .*\(failed, 4\.7\.20\)\. .*hubble 4\.7\.20 may run in part beside the old version\./;
      assert.match(failed.refusals[0].next ?? "", moved);
      if (engineName === "pulumi") {
        await onlyNamedCopiesHoldValues(driver, failed.notes);
        assert.match(failed.refusals[0].message, /planted failure at <hubble mongo\.databasePassword>/);
      }
      await nothingReported(driver, [failed]);
      await fix();
      const fixed = await driver.up();
      assert.deepEqual([fixed.outcome, fixed.applied], ["done", "4.7.20"], JSON.stringify(fixed));
    });

    it("refuses a stop that is not on the route, and a stack that needs an approval it was not given", async () => {
      driver = await driverRig(engineName, { from: "4.6.41", to: "4.7.20" }, { "approval.required": "true" });
      const off = await driver.up({ to: "4.6.43" });
      assert.deepEqual(
        [off.exitCode, off.refusals[0]?.code, off.updates],
        [2, "TO_NOT_ON_ROAD", []],
        JSON.stringify(off),
      );
      const missing = await driver.up();
      assert.deepEqual([missing.exitCode, missing.refusals[0]?.code], [3, "APPROVAL_MISSING"], JSON.stringify(missing));
      const stale = await driver.up({
        approvedVersion: "4.7.20",
        approvedFingerprint: "0".repeat(64),
        approvedBy: "ben",
      });
      assert.deepEqual([stale.exitCode, stale.refusals[0]?.code], [3, "APPROVAL_STALE"], JSON.stringify(stale));
    });

    // The embedded engine's own lock: interruptions.spec.ts.
    if (engineName === "embedded") return;
    it("a lock that a killed run left is explained, not broken", async () => {
      driver = await driverRig(engineName, { from: "4.6.41", to: "4.7.20" });
      const folder = join(driver.rig.projectDir, "backend/.pulumi/locks/organization/palette/dev");
      mkdirSync(folder, { recursive: true });
      const lock = { pid: 999_999, username: "ana", hostname: "rig", timestamp: "2026-11-20T10:00:00Z" };
      const file = join(folder, "left.json");
      writeFileSync(file, JSON.stringify(lock));
      const { outcome, exitCode, refusals } = await driver.up();
      assert.deepEqual([outcome, exitCode, refusals[0]?.code], ["not-now", 5, "STACK_LOCKED"]);
      assert.equal(
        refusals[0]?.message,
        "Stack dev is locked by ana@rig (process 999999) since 2026-11-20T10:00:00Z; that process is gone: the run was killed and left its lock.",
      );
      assert.match(refusals[0]?.next ?? "", /pulumi cancel --stack dev/);
      assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), lock);
    });
  });
}
