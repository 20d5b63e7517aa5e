import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatGateSettings } from "../../lib/settings/gate-settings.js";
import { runActCommand, type ActCommandOptions, type ActShell } from "../../lib/cli/act-command.js";
import { type JournalEntry } from "../../lib/journal/types.js";
import { readClusterAddress } from "../../lib/site/kubernetes/cluster-address.js";
import { startSite, stopSites, type Rehearsed } from "../../packages/rehearsal/test/site/running.js";

const hop = "4.7.27->4.8.8";

interface Trial {
  site: Rehearsed;
  journal: string;
  run: (
    name: string,
    change?: Partial<ActCommandOptions>,
    ask?: ActShell["ask"],
  ) => Promise<{ text: string; exitCode: number; said: string[] }>;
}

async function trial(): Promise<Trial> {
  const site = await startSite({ version: "4.7.27", faults: [{ name: "fcv-6.0" }] });
  const folder = mkdtempSync(join(tmpdir(), "palette-act-"));
  const settings = join(folder, "settings.json");
  writeFileSync(settings, formatGateSettings(site.settings));
  const journal = join(folder, "journal");
  return {
    site,
    journal,
    run: async (name, change = {}, ask = null) => {
      const said: string[] = [];
      const options = { settings, hop, because: "it is due", yes: false, journal, option: [], output: "json" as const };
      const shell: ActShell = {
        environment: { ...site.running.environment, PALETTE_MONGO_URI: "mongodb://root:planted-pass@db/" },
        stack: null as never,
        signal: new AbortController().signal,
        say: (line) => said.push(line),
        ask,
      };
      return { ...(await runActCommand(name, { ...options, ...change }, shell)), said };
    },
  };
}

async function withBackup({ site, run }: Trial): Promise<void> {
  const takenAt = (await site.clock.now()).toISOString();
  const option = ["id=snap-17", "location=s3://backups/palette", `taken-at=${takenAt}`];
  const { exitCode, text } = await run("backup", { option, yes: true });
  assert.deepEqual([exitCode, (JSON.parse(text) as { outcome: string }).outcome], [0, "done"]);
}

const written = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");

describe("act, by hand", () => {
  afterEach(stopSites);

  const refused: [title: string, change: Partial<ActCommandOptions>, code: string][] = [
    ["nobody to ask, nothing confirmed", {}, "ACT_NOT_CONFIRMED"],
    ["--yes does not do for what cannot be undone", { yes: true }, "ACT_NOT_CONFIRMED"],
    ["a confirmation of another hop", { confirm: "4.7.27->4.8.21" }, "CONFIRM_OTHER_HOP"],
  ];
  it("does nothing irreversible without a confirmation of this very hop; with it does it once, and keeps it", async () => {
    const tried = await trial();
    await withBackup(tried);
    for (const [title, change, code] of refused) {
      await assert.rejects(tried.run("fcv-raise", change), { code }, title);
    }
    const declined = await tried.run("fcv-raise", {}, () => Promise.resolve("yes"));
    assert.deepEqual([declined.exitCode, (JSON.parse(declined.text) as { outcome: string }).outcome], [3, "declined"]);
    assert.equal(written(tried.journal).includes('"act":"fcv-raise"'), false);

    const done = await tried.run("fcv-raise", { confirm: "4.7.27 -> 4.8.8", ticket: "OPS-7" });
    assert.deepEqual([done.exitCode, (JSON.parse(done.text) as { outcome: string }).outcome], [0, "done"]);
    assert.ok(done.said.includes("Act fcv-raise cannot be undone in place."));
    const again = await tried.run("fcv-raise");
    assert.deepEqual([again.exitCode, (JSON.parse(again.text) as { outcome: string }).outcome], [0, "already-done"]);

    const kept = written(tried.journal);
    assert.match(kept, /"act":"fcv-raise"/);
    assert.match(kept, /OPS-7/);
    const { running, settings } = tried.site;
    const entries = kept.split("\n").filter((line) => line.includes('"act":'));
    assert.deepEqual(
      entries
        .map((line) => (JSON.parse(line) as JournalEntry).event)
        .map((event) => event.kind === "act" && event.identity),
      Array.from({ length: 2 }, () => ({
        stack: "by-hand",
        ...readClusterAddress(settings.kubernetes, {}),
        clusterUid: running.clusterUid,
        rootDomain: settings.site.rootDomain,
        version: "4.7.27",
        edition: "palette",
      })),
    );
    for (const secret of ["planted-pass", ...Object.values(tried.site.running.apiKeys)])
      assert.equal([kept, done.text, ...done.said].join("\n").includes(secret), false);
  });

  it("a person on a terminal confirms by typing the hop", async () => {
    const tried = await trial();
    await withBackup(tried);
    const questions: string[] = [];
    const { exitCode } = await tried.run("fcv-raise", {}, (question) => {
      questions.push(question);
      return Promise.resolve(hop);
    });
    assert.deepEqual([exitCode, questions], [0, [`Type the hop (${hop}) to go on: `]]);
  });

  const invalid: [title: string, change: Partial<ActCommandOptions>, code: string][] = [
    ["no installation", { settings: undefined }, "OPTION_MISSING"],
    ["a hop that is none", { hop: "4.7.27" }, "OPTION_INVALID"],
    ["an option without a value", { option: ["id"] }, "OPTION_INVALID"],
    ["an option that nobody knows", { option: ["colour=red"] }, "ACT_OPTION"],
  ];
  for (const [title, change, code] of invalid) {
    it(`refuses ${title}`, async () => {
      await assert.rejects((await trial()).run("backup", change), { code, exitCode: 2 });
    });
  }
});
