import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { actorVariable } from "../../lib/gates/consent/runner-names.js";
import { verifyChain } from "../../lib/journal/chain.js";
import { rehearsalVariable } from "../../lib/program/rehearsal/variables.js";
import { createSiteClock } from "../../lib/program/rehearsal/site-clock.js";
import { weekdays } from "../../lib/settings/list-entries.js";
import { ended, onEachEngine, stopped, describeEnd } from "./driver/disturbed-rig.js";
import { repackage } from "./support/broken-release.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";

const always = { days: weekdays, from: "00:00", to: "00:00", zone: "UTC" };
const checks = [
  {
    name: "drained",
    when: "before",
    command: ["sh", "-c", "test -e drained || { echo the balancer still sends work; exit 1; }"],
    timeout: "20s",
  },
  {
    name: "smoke",
    when: "after",
    command: ["sh", "-c", "test ! -e broken || { echo login page is empty; exit 3; }"],
    timeout: "20s",
  },
];

/** What a person would approve: read off a preview, as a pull request shows it. */
async function approvalNow(
  driver: DriverRig,
): Promise<{ approvedVersion: string; approvedFingerprint: string; approvedBy: string }> {
  const { version, fingerprint } = (await driver.preview()).report.approval!;
  return { approvedVersion: version, approvedFingerprint: fingerprint, approvedBy: "ben" };
}

/** `STEP by APPROVER` of each update that the journal has. */
function listApprovers({ rig }: DriverRig): string[] {
  const text = readFileSync(join(rig.projectDir, `.palette/journal/${rig.stack}.jsonl`), "utf8");
  return verifyChain(text.trimEnd().split("\n")).entries.flatMap(({ event }) =>
    event.kind === "update-started" ? [`${event.step} by ${event.approvedBy ?? "nobody"}`] : [],
  );
}

interface Word {
  act: string;
  by: string;
}

onEachEngine("what a person asks for before a hop", 900, (engineName) => {
  let driver: DriverRig;
  let words: Word[];
  let approved: Awaited<ReturnType<typeof approvalNow>>;

  before(async () => {
    // In a CI job that does not report for whom it runs no word would count.
    process.env[actorVariable] = "tester";
    driver = await driverRig(
      engineName,
      { from: "4.6.41", to: "4.7.20" },
      {
        "approval.fourEyes": "true",
        "approval.required": "true",
        windows: JSON.stringify([always]),
        checks: JSON.stringify(checks),
      },
    );
    words = JSON.parse(driver.rig.config["palette:acknowledge"]!) as Word[];
    const enrolled = await driver.up({ to: "4.6.41" });
    assert.deepEqual(ended(enrolled), ["stopped", 0, "4.6.41"], describeEnd(enrolled));
  });
  after(async () => {
    delete process.env[actorVariable];
    await driver?.rig.dispose();
  });

  function acknowledgedBy(name: string): void {
    driver.rig.set("acknowledge", JSON.stringify(words.map((word) => ({ ...word, by: name }))));
  }

  it("four eyes: the word of the one who runs does not count, another's does", async () => {
    const me = userInfo().username;
    acknowledgedBy(me);
    const own = await driver.up();
    assert.deepEqual([...ended(own), own.refusals[0]?.code], ["refused", 3, "4.6.41", "FOUR_EYES"], describeEnd(own));
    assert.match(
      own.refusals[0]!.message,
      new RegExp(
        `^4\\.6\\.41 -> 4\\.7\\.20: acknowledged by the one who runs this \\(.*backup by ${me}.*\\), which palette:approval.fourEyes does not count\\.$`,
      ),
    );
    assert.equal(own.refusals[0]!.next, "Have another person acknowledge it, or run the update.");
    acknowledgedBy("ana");
  });

  it("approval: --yes is none; one of another state of things is stale", async () => {
    const unapproved = await driver.up();
    assert.deepEqual(
      [...ended(unapproved), stopped(unapproved)],
      [
        ...["refused", 3, "4.6.41"],
        [
          "APPROVAL_MISSING: The move to 4.7.20 waits for approval: palette:approval.required is set, and nothing says that a preview of it was approved.",
        ],
      ],
      describeEnd(unapproved),
    );
    approved = await approvalNow(driver);
    const repeatsValue = ({ message, next }: { message: string; next: string | null }, value: string): boolean =>
      `${message} ${next ?? ""}`.includes(value);
    assert.ok(!repeatsValue(unapproved.refusals[0]!, approved.approvedFingerprint), "no refusal prints what to paste");

    const fix = repackage(driver.rig, "4.7.20");
    const now = await approvalNow(driver);
    const stale = await driver.up(approved);
    fix();
    assert.deepEqual(
      [...ended(stale), stopped(stale)],
      [
        ...["refused", 3, "4.6.41"],
        ["APPROVAL_STALE: ben approved the move to 4.7.20; decided now is a move there with another fingerprint."],
      ],
      describeEnd(stale),
    );
    assert.ok(!repeatsValue(stale.refusals[0]!, now.approvedFingerprint), "nor that of a stale approval");
  });

  it("four eyes: the approval of the one who runs does not count, by whichever of their names; nothing moves", async () => {
    for (const approvedBy of [userInfo().username, " Tester "]) {
      const own = await driver.up({ ...approved, approvedBy });
      assert.deepEqual(
        [...ended(own), stopped(own), own.refusals[0]?.next],
        [
          ...["refused", 3, "4.6.41"],
          [
            `FOUR_EYES: The move to 4.7.20: approved by the one who runs this (${approvedBy}), which palette:approval.fourEyes does not count.`,
          ],
          "Have another person approve it, or run the update.",
        ],
        describeEnd(own),
      );
    }
    assert.deepEqual(await driver.rig.history(), ["1 deployed 4.6.41"]);
  });

  it("approval: another's, but of other values, is stale; nothing moves", async () => {
    driver.rig.set("values", JSON.stringify({ hubble: { ownNote: "changed after the approval" } }));
    const stale = await driver.up(approved);
    driver.rig.set("values", "{}");
    assert.deepEqual(
      [...ended(stale), stopped(stale)],
      [
        ...["refused", 3, "4.6.41"],
        ["APPROVAL_STALE: ben approved the move to 4.7.20; decided now is a move there with another fingerprint."],
      ],
      describeEnd(stale),
    );
    assert.deepEqual(await driver.rig.history(), ["1 deployed 4.6.41"]);
  });

  it("outside the windows it is not now, and it says when", async () => {
    const closed = weekdays[(new Date().getUTCDay() + 8) % 7]!;
    const drained = join(driver.rig.projectDir, "drained");
    writeFileSync(drained, "");
    driver.rig.set("windows", JSON.stringify([{ ...always, days: [closed] }]));
    const refused = await driver.up(approved);
    driver.rig.set("windows", JSON.stringify([always]));
    rmSync(drained);
    assert.deepEqual(ended(refused), ["not-now", 5, "4.6.41"], describeEnd(refused));
    assert.match(
      stopped(refused).join("\n"),
      /^WINDOW_CLOSED: No update window is open; the next one with room for the hop opens at \S+T00:00:00\.000Z and closes at \S+T00:00:00\.000Z: run this again then\.$/,
    );
  });

  it("an own check before the hop refuses in its own words; once it passes, all else is asked again before the hop", async () => {
    const days = [0, 1].map((ahead) => weekdays[(new Date().getUTCDay() + 6 + ahead) % 7]!);
    driver.rig.set("windows", JSON.stringify([{ ...always, days }]));
    const refused = await driver.up(approved);
    assert.deepEqual(
      [...ended(refused), stopped(refused)],
      [
        ...["refused", 3, "4.6.41"],
        [
          "CHECK_FAILED: Own check drained ended with 1, expected 0; it said: the balancer still sends work. Fix what it names.",
        ],
      ],
      describeEnd(refused),
    );
    writeFileSync(join(driver.rig.projectDir, "drained"), "");
    await createSiteClock(driver.rig.site.environment[rehearsalVariable]!).sleep(48 * 3600);
    const late = await driver.up(approved);
    assert.deepEqual(
      [...ended(late), late.gates.map(({ gate, reasons }) => [gate, ...reasons.map(({ code }) => code)])],
      ["not-now", 5, "4.6.41", [["window", "WINDOW_CLOSED"]]],
      `the window was open when its Command passed, and is not now: ${describeEnd(late)}`,
    );
    assert.deepEqual(await driver.rig.history(), ["1 deployed 4.6.41"]);
  });

  it("a check after the hop that fails keeps it from being settled", async () => {
    driver.rig.set("windows", JSON.stringify([always]));
    writeFileSync(join(driver.rig.projectDir, "broken"), "");
    const hop = await driver.up(approved);
    assert.deepEqual(
      [...ended(hop), stopped(hop)],
      [
        ...["refused", 3, "4.6.41"],
        ["CHECK_FAILED: Own check smoke ended with 3, expected 0; it said: login page is empty. Fix what it names."],
      ],
      describeEnd(hop),
    );
    const passed = hop.updates.at(-1)!.gates.filter(({ outcome, when }) => outcome === "pass" && when === "before");
    for (const gate of ["window", "own-check"])
      assert.ok(
        passed.some((each) => each.gate === gate),
        gate,
      );
    assert.deepEqual(listApprovers(driver).at(-1), "hop by ben", "another's approval went on, and is named");
  });

  it("a check after the hop that failed is asked again, without another approval, until it passes", async () => {
    assert.deepEqual((await driver.rig.history()).at(-1), "2 deployed 4.7.20", "the hop itself was made");
    const still = await driver.up();
    assert.deepEqual(ended(still), ["refused", 3, "4.6.41"], describeEnd(still));
    rmSync(join(driver.rig.projectDir, "broken"));
    const settled = await driver.up();
    assert.deepEqual(ended(settled), ["done", 0, "4.7.20"], describeEnd(settled));
    assert.deepEqual(
      settled.updates.map(({ step, outcome }) => `${step} ${outcome}`),
      ["settle succeeded"],
    );
    assert.equal((await driver.rig.history()).length, 2, "nothing moved again");
  });
});
