import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { verifyChain } from "../../../lib/journal/chain.js";
import { describeEnd, type DisturbedRig, disturbedRig, ended, onEachEngine } from "./disturbed-rig.js";
import { siteEvidence } from "./evidence.js";

const hop = { from: "4.6.41", to: "4.7.20" };
const names = ["first", "second"] as const;
type Name = (typeof names)[number];

/** Each mark `NAME-later-N` has the check say "not yet" once; with `NAME-fails` it fails. */
const checks = names.map((name) => ({
  name,
  when: "after",
  timeout: "20s",
  command: ["sh", "-c", `rm ${name}-later-1 || rm ${name}-later-2 && exit 75; test ! -e ${name}-fails`],
}));

onEachEngine("a hop whose checks pass in several runs", 1800, (engineName) => {
  let disturbed: DisturbedRig;
  afterEach(async () => disturbed?.rig.dispose());

  const inProject = (name: string): string => join(disturbed.rig.projectDir, name);
  const fail = (name: Name): void => writeFileSync(inProject(`${name}-fails`), "");
  const fix = (name: Name): void => rmSync(inProject(`${name}-fails`));

  /** `NAME OUTCOME SAMPLES` of every own check in the journal's last run. */
  function judged(): string[] {
    const lines = readFileSync(inProject(".palette/journal/dev.jsonl"), "utf8").trimEnd().split("\n");
    const events = verifyChain(lines).entries.map(({ event }) => event);
    const began = events.findLastIndex(({ kind }) => kind === "run-started");
    return events
      .slice(began)
      .flatMap((event) => (event.kind === "gate" && event.report.gate === "own-check" ? [event.report] : []))
      .map(({ subject, outcome, samples }) => `${subject} ${outcome} ${samples}`)
      .sort();
  }

  it("is not settled by a check that passed before and fails now: preview and up refuse by it, and settle once it holds", async () => {
    disturbed = await disturbedRig(engineName, hop);
    disturbed.rig.set("checks", JSON.stringify(checks));
    await disturbed.run({ to: hop.from });
    fail("second");
    const unsettled = await disturbed.run();
    assert.deepEqual(ended(unsettled), ["refused", 3, hop.from], describeEnd(unsettled));
    assert.deepEqual(judged(), ["first pass 1", "second fail 1"]);

    fix("second");
    fail("first");
    const moved = siteEvidence(disturbed.rig.model());
    const shown = await disturbed.preview();
    const refusing = shown.report.gates.filter(({ outcome }) => outcome === "fail").map(({ subject }) => subject);
    assert.deepEqual([shown.exitCode, refusing], [3, ["first"]]);
    const refused = await disturbed.run({ patience: 0 });
    assert.deepEqual(ended(refused), ["refused", 3, hop.from], describeEnd(refused));
    assert.deepEqual(
      refused.gates.map(({ subject, when, reasons }) => [subject, when, reasons.map(({ code }) => code)]),
      [["first", "after", ["CHECK_FAILED"]]],
    );
    assert.deepEqual(judged(), ["first fail 1", "second pass 1"]);
    assert.deepEqual(siteEvidence(disturbed.rig.model()), moved);

    fix("first");
    // One for the preview, one for the update, which then waits.
    for (const time of [1, 2]) writeFileSync(inProject(`first-later-${time}`), "");
    await disturbed.reaches(hop.to);
    assert.deepEqual(judged(), ["first pass 2", "second pass 1"]);
  });
});
