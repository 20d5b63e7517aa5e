import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { createBackupGate } from "../../../lib/gates/backup/gate.js";
import { parseBackupJson } from "../../../lib/gates/backup/record.js";
import { type LocalResult } from "../../../lib/base/process/local-command.js";
import { type Site } from "../../../lib/site/types.js";
import { arrived, at, FakeClock, fakeSite, inputFor, neverAborted, settingsFor } from "../fake-site.js";

const printed = (change: Partial<LocalResult>): LocalResult => ({
  exitCode: 0,
  stdout: "",
  stderr: "",
  timedOut: false,
  startFault: null,
  ...change,
});
const record = (takenAt: string): Record<string, string> => ({
  id: "snap-17",
  location: "s3://backups/palette",
  takenAt,
});
const revisions = arrived("4.5.23", "4.6.41", at(-600));
const siteWith = (takenAt: string): Site =>
  fakeSite({ revisions, configMaps: { "default/palette-upgrade-backup": record(takenAt) } });

async function judged(site: Site, result: LocalResult | null = null): Promise<[outcome: string, ...reasons: string[]]> {
  const asked: (readonly string[])[] = [];
  const gate = createBackupGate(({ argv, timeoutSeconds }) => {
    asked.push(argv);
    assert.equal(timeoutSeconds, 45);
    return Promise.resolve(result ?? printed({ exitCode: 9 }));
  });
  const command = result === null ? [] : ["backups", "--last"];
  const settings = settingsFor({ backup: { maxAgeSeconds: 24 * 3600, command, timeoutSeconds: 45 } });
  const { outcome, reasons } = await gate.sample(inputFor({ site, settings, clock: new FakeClock() }), neverAborted);
  assert.deepEqual(asked, result === null ? [] : [["backups", "--last"]]);
  return [outcome, ...reasons.map(({ code, message }) => `${code}: ${message}`)];
}

describe("the gate backup", () => {
  it("passes with a backup of the installed version, and names the point of no return", async () => {
    assert.deepEqual(await judged(siteWith(at(-300))), [
      "pass",
      "NOTE: Backup snap-17 at s3://backups/palette was taken at 2026-01-31T03:00:00.000Z, 5 hours ago: after this hop it is the only way back to 4.6.41 (point of no return).",
    ]);
  });

  it("in a hop that has installed its destination, the backup of the version before counts", async () => {
    const moved = [
      { ...arrived("4.5.23", "4.6.41", at(-600))[1]!, status: "superseded" as const },
      { ...arrived("4.6.41", "4.7.20", at(-10))[1]!, revision: 3 },
    ];
    const configMaps = (takenAt: string): Record<string, Record<string, string>> => ({
      "default/palette-upgrade-backup": record(takenAt),
    });
    assert.deepEqual((await judged(fakeSite({ revisions: moved, configMaps: configMaps(at(-300)) })))[0], "pass");
    const [outcome, reason] = await judged(fakeSite({ revisions: moved, configMaps: configMaps(at(-601)) }));
    assert.equal(outcome, "fail");
    assert.match(reason!, /^BACKUP_BEFORE_INSTALLED: .*, before 4\.6\.41 was deployed /);
  });

  const records: [title: string, takenAt: string, code: string][] = [
    [
      "before the installed version was deployed",
      at(-601),
      "BACKUP_BEFORE_INSTALLED: Backup snap-17 at s3://backups/palette was taken at 2026-01-30T21:59:00.000Z, before 4.6.41 was deployed (2026-01-30T22:00:00.000Z): it leads back to an older version. Take one of 4.6.41.",
    ],
    [
      "at the very moment of the deployment",
      at(-600),
      "BACKUP_BEFORE_INSTALLED: Backup snap-17 at s3://backups/palette was taken at 2026-01-30T22:00:00.000Z, before 4.6.41 was deployed (2026-01-30T22:00:00.000Z): it leads back to an older version. Take one of 4.6.41.",
    ],
    [
      "in the future",
      at(6),
      "BACKUP_IN_FUTURE: Backup snap-17 at s3://backups/palette was taken at 2026-01-31T08:06:00.000Z, which is 6 minutes from now: a record that cannot be right counts for nothing. Correct its time (with its zone).",
    ],
  ];
  for (const [title, takenAt, reason] of records) {
    it(`fails on a backup ${title}`, async () => assert.deepEqual(await judged(siteWith(takenAt)), ["fail", reason]));
  }

  it("fails on one over the age limit, and passes on one a minute younger", async () => {
    const old = fakeSite({
      revisions: arrived("4.5.23", "4.6.41", at(-9000)),
      configMaps: { "default/palette-upgrade-backup": record(at(-1441)) },
    });
    assert.deepEqual(await judged(old), [
      "fail",
      "BACKUP_TOO_OLD: Backup snap-17 at s3://backups/palette was taken at 2026-01-30T07:59:00.000Z, 24 hours ago, expected at most 24 hours: take a new one.",
    ]);
    const young = fakeSite({
      revisions: arrived("4.5.23", "4.6.41", at(-9000)),
      configMaps: { "default/palette-upgrade-backup": record(at(-1439)) },
    });
    assert.equal((await judged(young))[0], "pass");
  });

  it("of exactly the limit's age it passes; of another clock's five minutes ahead too", async () => {
    const exact = fakeSite({
      revisions: arrived("4.5.23", "4.6.41", at(-9000)),
      configMaps: { "default/palette-upgrade-backup": record(at(-1440)) },
    });
    assert.equal((await judged(exact))[0], "pass");
    assert.equal((await judged(siteWith(at(5))))[0], "pass");
  });

  it("told of both, one that is old and older than the installed version fails for both", async () => {
    const [outcome, ...reasons] = await judged(siteWith(at(-9000)));
    assert.equal(outcome, "fail");
    assert.deepEqual(reasons.map((reason) => reason.split(":")[0]), ["BACKUP_BEFORE_INSTALLED", "BACKUP_TOO_OLD"]); // prettier-ignore
  });

  it("a record of blanks is none, and what is wrong is named in order", () => {
    const parsed = parseBackupJson('{"takenAt":"x","location":" ","id":"\\t"}');
    assert.deepEqual(parsed, { ok: false, fault: "id, location, takenAt missing or wrong" });
    assert.deepEqual(parseBackupJson("[]"), { ok: false, fault: "the whole missing or wrong" });
  });

  it("has nothing to judge where nothing is recorded", async () => {
    const [outcome, reason] = await judged(fakeSite({ revisions }));
    assert.equal(outcome, "pass");
    assert.match(
      reason!,
      /^NOT_APPLICABLE: Neither palette:backup.command is set nor has palette-upgrade act backup left/,
    );
  });

  const unknown: [title: string, site: Site, result: LocalResult | null, reason: string][] = [
    [
      "a record with a part missing",
      fakeSite({ configMaps: { "default/palette-upgrade-backup": { id: "x" } } }),
      null,
      "BACKUP_RECORD_INVALID: What ConfigMap default/palette-upgrade-backup says of the backup is no record (location, takenAt missing or wrong): write it anew with: palette-upgrade act backup.",
    ],
    [
      "a record that may not be read",
      fakeSite({}, { configMap: () => new SiteError("forbidden", "configmaps is forbidden") }),
      null,
      "FORBIDDEN: The record of the backup (ConfigMap default/palette-upgrade-backup) could not be read: configmaps is forbidden",
    ],
    [
      "a command that fails, its secret not shown",
      fakeSite(),
      printed({ exitCode: 2, stderr: "no login\ntoken=planted-pass" }),
      "BACKUP_COMMAND_FAILED: palette:backup.command ended with 2; it said: token=<redacted>: whether there is a backup is not known. Fix the command.",
    ],
    [
      "a command that does not end",
      fakeSite(),
      printed({ exitCode: null, timedOut: true }),
      "BACKUP_COMMAND_FAILED: palette:backup.command did not end within 45 s (palette:backup.timeout): whether there is a backup is not known. Fix the command.",
    ],
    [
      "a command that prints no JSON",
      fakeSite(),
      printed({ stdout: "fine" }),
      'BACKUP_RECORD_INVALID: What palette:backup.command says of the backup is no record (it is not JSON): it must print {"id", "location", "takenAt"} as JSON.',
    ],
    [
      "a time without a zone",
      fakeSite(),
      printed({ stdout: JSON.stringify(record("2026-01-31T03:00:00")) }),
      'BACKUP_RECORD_INVALID: What palette:backup.command says of the backup is no record (takenAt missing or wrong): it must print {"id", "location", "takenAt"} as JSON.',
    ],
  ];
  for (const [title, site, result, reason] of unknown) {
    it(`is unknown with ${title}`, async () => assert.deepEqual(await judged(site, result), ["unknown", reason]));
  }

  it("believes the command over the record", async () => {
    const [outcome, reason] = await judged(siteWith(at(-9000)), printed({ stdout: JSON.stringify(record(at(-1))) }));
    assert.equal(outcome, "pass");
    assert.match(reason!, /taken at 2026-01-31T07:59/);
  });

  it("a record keeps no key that nobody asked for", () => {
    assert.deepEqual(
      parseBackupJson('{"id":"a","location":"b","takenAt":"2026-01-31T03:00:00+01:00","password":"x"}'),
      {
        ok: true,
        record: { id: "a", location: "b", takenAt: "2026-01-31T03:00:00+01:00" },
      },
    );
  });
});
