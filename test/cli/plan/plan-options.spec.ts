import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPlanCommand } from "../../../lib/cli/plan/plan-command.js";
import { readExtraRows } from "../../../lib/cli/plan/plan-options.js";
import type { Plan } from "../../../lib/planning/plan/types.js";

const row = { from: "4.7.26", to: "4.7.27", approvedBy: "Ada", link: "https://tickets.example/1", because: "Called." };

describe("rows of one's own on the command line", () => {
  const inFile = (content: string, work: (path: string) => void | Promise<void>): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), "rows-"));
    const path = join(folder, "rows.json");
    writeFileSync(path, content);
    return Promise.resolve(work(path)).finally(() => rmSync(folder, { recursive: true }));
  };

  it("a pair says that nobody has approved it yet", () => {
    const [tried] = readExtraRows(["4.7.26->4.7.27"]);
    assert.deepEqual([tried?.from, tried?.to, tried?.approvedBy, tried?.link], ["4.7.26", "4.7.27", "nobody yet", ""]);
  });

  it("a file holds what the stack's configuration holds", () =>
    inFile(JSON.stringify([row]), (path) => assert.deepEqual(readExtraRows([path]), [row])));

  it("a plan goes along it and says so", async () => {
    const { text, exitCode } = await runPlanCommand({
      from: "4.7.20",
      to: "4.8.52",
      matrix: "palette-kubernetes-4.9.51",
      extraRow: ["4.7.26 -> 4.7.27"],
      output: "json",
      today: "2026-11-21",
    });
    const plan = JSON.parse(text) as Plan;
    assert.equal(exitCode, 0);
    assert.deepEqual(
      plan.hops.map((hop) => [hop.to, hop.ownRow?.approvedBy]),
      [
        ["4.7.26", undefined],
        ["4.7.27", "nobody yet"],
        ["4.8.52", undefined],
      ],
    );
    assert.ok(plan.warnings.some(({ code }) => code === "OWN_ROW"));
  });

  const wrong: [title: string, content: string, message: RegExp][] = [
    ["no list", "{}", /rows\.json holds no list of rows\.$/],
    ["no JSON", "[", /is neither a row nor a file of rows/],
    ["nobody approved it", JSON.stringify([{ ...row, approvedBy: "" }]), /row 1 has no "approvedBy"\.$/],
    ["no link", JSON.stringify([row, { ...row, link: undefined }]), /row 2 has no "link"\.$/],
    ["a number for a version", JSON.stringify([{ ...row, to: 4.7 }]), /row 1 has no "to"\.$/],
  ];
  for (const [title, content, message] of wrong) {
    it(`refused: ${title}`, () =>
      inFile(content, (path) => assert.throws(() => readExtraRows([path]), { code: "EXTRA_ROW_INVALID", message })));
  }
  it("refused: a file that is not there", () =>
    assert.throws(() => readExtraRows(["4.7.26>4.7.27"]), { code: "EXTRA_ROW_INVALID" }));
});
