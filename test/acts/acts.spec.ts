import assert from "node:assert/strict";
import { createBackupAct } from "../../lib/acts/backup.js";
import { dnsCutoverAct } from "../../lib/acts/dns-cutover.js";
import { fcvRaiseAct } from "../../lib/acts/fcv-raise.js";
import { parseRaiseAnswer, createRaiseCommand } from "../../lib/acts/raise-script.js";
import { runAct, type ActEnd } from "../../lib/acts/run-act.js";
import type { Act, ActRequest } from "../../lib/acts/types.js";
import type { JournalEvent } from "../../lib/journal/types.js";
import { connectKubernetesWrites } from "../../lib/site/kubernetes/writes.js";
import { describeIdentity, type SiteIdentity } from "../../lib/site/identity.js";
import { getGateByName } from "../../lib/gates/registry.js";
import { runGateRequest } from "../../lib/gates/run/request.js";
import { startSite, stopSites, type Rehearsed } from "../../packages/rehearsal/test/site/running.js";
import { createRecorder } from "../journal/recorder.js";

/** Legend: each site is at the version its hop leaves. */
const intoEight = { from: "4.7.27", to: "4.8.8" };

function requestOn(site: Rehearsed, hop: ActRequest["hop"], options: Record<string, string> = {}): ActRequest {
  const { settings, running, clock } = site;
  return {
    hop,
    options,
    settings,
    secrets: { apiKeys: settings.tenants.map(({ name }) => running.apiKeys[name]!), mongoUri: "", chartsPassword: "" },
    site: site.site,
    clock,
    signal: new AbortController().signal,
  };
}

const backupAct = createBackupAct({
  connect: ({ settings }) => connectKubernetesWrites({ kubeconfig: settings.kubernetes.kubeconfig, context: null }),
  run: () => Promise.reject(new Error("no command is set")),
});

async function run(
  act: Act,
  request: ActRequest,
  confirm: (lines: string[]) => boolean = () => true,
): Promise<{ end: ActEnd; events: JournalEvent[] }> {
  const { events, journal } = createRecorder();
  const end = await runAct({
    act,
    request,
    because: "the hop needs it",
    ticket: "OPS-7",
    tool: "palette-upgrade 1.2.3",
    place: { stack: "prod", server: null, context: "prod-admin" },
    journal,
    say: () => undefined,
    confirm: ({ lines }) => Promise.resolve(confirm(lines)),
  }).catch((error: unknown) => {
    throw Object.assign(error as Error, { events });
  });
  return { end, events };
}

async function recordBackup(site: Rehearsed, hop = intoEight): Promise<void> {
  const takenAt = (await site.clock.now()).toISOString();
  await run(backupAct, requestOn(site, hop, { id: "snap-17", location: "s3://backups/palette", "taken-at": takenAt }));
}

async function fcvOutcome(site: Rehearsed): Promise<string> {
  const { secrets, settings } = requestOn(site, intoEight);
  const request = {
    to: "4.8.8",
    when: "before" as const,
    settings,
    secrets,
  };
  return (await runGateRequest(getGateByName("mongo-fcv"), request, { connect: () => site.site, clock: site.clock }))
    .outcome;
}

describe("act backup", () => {
  afterEach(stopSites);

  it("records what the gate backup then reads, and keeps it in the journal before and after", async () => {
    const site = await startSite({ version: "4.7.27" });
    const takenAt = (await site.clock.now()).toISOString();
    const request = requestOn(site, intoEight, {
      id: "snap-17",
      location: "s3://backups/palette",
      "taken-at": takenAt,
    });
    const { end, events } = await run(backupAct, request);

    assert.equal(end.kind, "done");
    assert.deepEqual(
      events.map((event) => (event.kind === "act" ? [event.act, event.hop, event.outcome, event.ticket] : event.kind)),
      ["note", ["backup", "4.7.27->4.8.8", "done", "OPS-7"]],
    );
    const identity: SiteIdentity = {
      ...{ stack: "prod", server: null, context: "prod-admin", clusterUid: site.running.clusterUid },
      ...{ rootDomain: site.settings.site.rootDomain, version: "4.7.27", edition: "palette" },
    };
    const [note, act] = events;
    assert.deepEqual(act?.kind === "act" && act.identity, identity);
    assert.ok(note?.kind === "note" && note.message.endsWith(`; on ${describeIdentity(identity)}`));
    const { settings, secrets } = request;
    const gate = {
      to: "4.8.8",
      when: "before" as const,
      settings,
      secrets,
    };
    const report = await runGateRequest(getGateByName("backup"), gate, { connect: () => site.site, clock: site.clock });
    assert.equal(report.outcome, "pass");
    assert.match(report.reasons[0]!.message, /^Backup snap-17 at s3:\/\/backups\/palette/);
  });

  const refused: [title: string, options: Record<string, string>, code: RegExp][] = [
    ["nothing told", {}, /BACKUP_RECORD_INVALID: .*id, location, taken-at missing/],
    [
      "a time without a zone",
      { id: "a", location: "b", "taken-at": "2026-11-21T08:00:00" },
      /BACKUP_RECORD_INVALID: .*taken-at missing or wrong/,
    ],
    [
      "a login in the place",
      { id: "a", location: "https://me:planted-pass@x/y", "taken-at": "2026-11-21T08:00:00Z" },
      /BACKUP_RECORD_INVALID: .*location holds a login/,
    ],
    [
      "one of before the installed version",
      { id: "a", location: "b", "taken-at": "2001-01-01T00:00:00Z" },
      /BACKUP_BEFORE_INSTALLED/,
    ],
  ];
  for (const [title, options, message] of refused) {
    it(`refuses ${title}, writes nothing, shows no login`, async () => {
      const site = await startSite({ version: "4.7.27" });
      await assert.rejects(
        run(backupAct, requestOn(site, intoEight, options)),
        (error: Error & { events: JournalEvent[] }) => {
          assert.match(error.message, message);
          assert.ok(!JSON.stringify([error.message, error.events]).includes("planted-pass"));
          assert.deepEqual(
            error.events.map((event) => event.kind === "act" && event.outcome),
            ["refused"],
          );
          return true;
        },
      );
      assert.equal(await site.site.kubernetes.configMap("default", "palette-upgrade-backup"), null);
    });
  }

  it("refuses a hop that is not at hand", async () => {
    const site = await startSite({ version: "4.6.41" });
    await assert.rejects(run(backupAct, requestOn(site, intoEight)), {
      code: "ACT_REFUSED",
      exitCode: 3,
      message: /OTHER_HOP: 4\.6\.41 is installed, and the act was asked for on the hop 4\.7\.27 -> 4\.8\.8\./,
    });
  });
});

describe("act fcv-raise", () => {
  afterEach(stopSites);

  it("raises it on the primary and proves it on every member", async () => {
    const site = await startSite({ version: "4.7.27", faults: [{ name: "fcv-6.0" }] });
    await recordBackup(site);
    assert.equal(await fcvOutcome(site), "fail");
    let shown: string[] = [];
    const { end, events } = await run(fcvRaiseAct, requestOn(site, intoEight), (lines) => ((shown = lines), true));

    assert.equal(end.kind, "done");
    assert.ok(shown.includes("mongo-0: feature compatibility version 6.0, MongoDB 7.0.14"), shown.join("\n"));
    assert.ok(
      shown.includes('To be written, on the primary mongo-0: {"setFeatureCompatibilityVersion":"7.0","confirm":true}.'),
      shown.join("\n"),
    );
    assert.ok(
      shown.includes("It cannot be undone in place. The way back is the backup snap-17 at s3://backups/palette."),
    );
    assert.equal(await fcvOutcome(site), "pass");
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["note", "act"],
    );
  });

  it("has nothing left to do where it is fine already: nobody is asked, nothing written", async () => {
    const site = await startSite({ version: "4.7.27" });
    const { end, events } = await run(fcvRaiseAct, requestOn(site, intoEight), () => assert.fail("asked"));
    assert.deepEqual([end.kind, events], ["already-done", []]);
  });

  it("without a yes nothing is written", async () => {
    const site = await startSite({ version: "4.7.27", faults: [{ name: "fcv-6.0" }] });
    await recordBackup(site);
    const { end, events } = await run(fcvRaiseAct, requestOn(site, intoEight), () => false);
    assert.deepEqual([end.kind, events, await fcvOutcome(site)], ["declined", [], "fail"]);
  });

  it("refuses without a recorded backup, and with a member that is not well", async () => {
    const site = await startSite({ version: "4.7.27", faults: [{ name: "fcv-6.0" }] });
    await assert.rejects(run(fcvRaiseAct, requestOn(site, intoEight)), {
      code: "ACT_REFUSED",
      message: /BACKUP_MISSING/,
    });

    await recordBackup(site);
    await site.running.changeFaults({ add: [{ name: "two-primaries" }] });
    await assert.rejects(run(fcvRaiseAct, requestOn(site, intoEight)), {
      code: "ACT_REFUSED",
      message: /Gate mongo-replica-set/,
    });
    assert.equal(await fcvOutcome(site), "fail");
  });

  it("refuses on a hop that needs none", async () => {
    const site = await startSite({ version: "4.6.41" });
    await assert.rejects(run(fcvRaiseAct, requestOn(site, { from: "4.6.41", to: "4.7.20" })), {
      message: /ACT_NOT_NEEDED/,
    });
  });

  it("its command holds no secret, writes on the primary alone, and is believed only by its own answer", () => {
    const nonce = "0123456789abcdef01234567";
    const command = createRaiseCommand(nonce, "7.0", true).join("\n");
    assert.match(command, /isWritablePrimary === true/);
    assert.match(command, /"setFeatureCompatibilityVersion":"7\.0","confirm":true/);
    assert.doesNotMatch(createRaiseCommand(nonce, "6.0", false).join("\n"), /confirm/);
    assert.throws(() => createRaiseCommand(nonce, '7.0"}); x({', true));
    const answer = (line: string, of = nonce): string => `@@MGATE1-${of}@@\n${line}\n@@MGATE1-${of}-END@@\n`;
    const table: [string, boolean][] = [
      [answer('{"v":1,"raised":{"ok":1}}'), true],
      [answer('{"v":1,"raised":{"ok":{"$numberDouble":"1.0"}}}'), true],
      [answer('{"v":1,"raised":{"ok":0,"codeName":"NotWritablePrimary"}}'), false],
      [answer('{"v":1}'), false],
      [answer('{"v":1,"raised":{"ok":1}}', "ffffffffffffffff"), false],
      ["", false],
    ];
    for (const [stdout, ok] of table) assert.equal(parseRaiseAnswer(stdout, nonce).ok, ok, stdout);
  });
});

describe("act dns-cutover", () => {
  afterEach(stopSites);
  const intoTraefik = { from: "4.8.21", to: "4.8.47" };

  it("records the plan before the hop, with today's addresses, and changes nothing", async () => {
    const site = await startSite({ version: "4.8.21" });
    const { end, events } = await run(
      dnsCutoverAct,
      requestOn(site, intoTraefik, { plan: "network team, CHG-7", "ttl-seconds": "60" }),
    );
    assert.equal(end.kind, "done");
    const kept = events.find((event) => event.kind === "act");
    assert.deepEqual(kept?.kind === "act" && kept.details, {
      addresses: "203.0.113.10",
      moment: "before",
      plan: "network team, CHG-7",
      rootDomain: "the root domain",
      ttlSeconds: "60",
    });
  });

  it("refuses a plan that is not reported and a time to live that is long or not reported", async () => {
    const site = await startSite({ version: "4.8.21" });
    const refusal = (options: Record<string, string>): Promise<unknown> =>
      run(dnsCutoverAct, requestOn(site, intoTraefik, options));
    await assert.rejects(refusal({}), { message: /DNS_PLAN_MISSING[\s\S]*DNS_TTL_TOO_LONG: .*is not reported/ });
    await assert.rejects(refusal({ plan: "x", "ttl-seconds": "301" }), {
      message: /DNS_TTL_TOO_LONG: .*301 s, expected 300 s or less/,
    });
  });

  it("refuses on a hop that keeps its ingress", async () => {
    const site = await startSite({ version: "4.6.41" });
    await assert.rejects(run(dnsCutoverAct, requestOn(site, { from: "4.6.41", to: "4.7.20" })), {
      message: /ACT_NOT_NEEDED/,
    });
  });

  it("refuses an option that it does not know", async () => {
    const site = await startSite({ version: "4.8.21" });
    await assert.rejects(run(dnsCutoverAct, requestOn(site, intoTraefik, { ttl: "60" })), {
      code: "ACT_OPTION",
      exitCode: 2,
    });
  });
});
