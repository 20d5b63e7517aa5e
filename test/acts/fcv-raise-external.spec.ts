import assert from "node:assert/strict";
import { fcvRaiseAct } from "../../lib/acts/fcv-raise.js";
import { runAct, type ActEnd } from "../../lib/acts/run-act.js";
import type { ActRequest } from "../../lib/acts/types.js";
import { backupConfigMap } from "../../lib/gates/backup/record.js";
import type { JournalEvent } from "../../lib/journal/types.js";
import { connectKubernetesWrites } from "../../lib/site/kubernetes/writes.js";
import { connectMongo } from "../../lib/site/mongo/client.js";
import type { MongoSite } from "../../lib/site/mongo/types.js";
import { startWireSet, type WireSet } from "../fixtures/mongo/wire/replica-set.js";
import { startSite, stopSites, type Rehearsed } from "../../packages/rehearsal/test/site/running.js";
import { createRecorder } from "../journal/recorder.js";

const hop = { from: "4.7.27", to: "4.8.8" };

describe("act fcv-raise on an external MongoDB, by the official driver", function () {
  this.timeout(60_000);
  let set: WireSet;
  let site: Rehearsed;
  beforeEach(async () => {
    set = await startWireSet({ names: "address", user: "gate", password: "planted/p@ss:w%rd", compatibility: "6.0" });
    site = await startSite({ version: hop.from });
    await recordBackup();
  });
  afterEach(async () => {
    await stopSites();
    await set.close();
  });

  async function recordBackup(): Promise<void> {
    const takenAt = (await site.clock.now()).toISOString();
    const writes = connectKubernetesWrites({ kubeconfig: site.settings.kubernetes.kubeconfig, context: null });
    await writes.putConfigMap("default", backupConfigMap, { id: "snap-17", location: "s3://backups/palette", takenAt });
  }

  const hosts = (): string[] => set.members.map(({ host, port }) => `${host}:${port}`);
  const uriOf = (): string =>
    `mongodb://gate:${encodeURIComponent(set.password)}@${hosts().join(",")}/?authSource=admin`;
  const client = (): MongoSite => connectMongo({ uri: uriOf(), caFile: null }, { connectMillis: 500 });

  async function run(mongo: MongoSite = client()): Promise<{ end: ActEnd; events: JournalEvent[] }> {
    const { settings, clock, running } = site;
    const request: ActRequest = {
      hop,
      options: {},
      settings: { ...settings, mongo: { ...settings.mongo, external: true, samples: 1, deadlineSeconds: 20 } },
      secrets: { apiKeys: Object.values(running.apiKeys), mongoUri: uriOf(), chartsPassword: "" },
      site: { ...site.site, mongo },
      clock,
      signal: new AbortController().signal,
    };
    const { events, journal } = createRecorder();
    const say = (): void => undefined;
    const confirm = (): Promise<boolean> => Promise.resolve(true);
    const about = {
      act: fcvRaiseAct,
      request,
      because: "the hop needs it",
      ticket: null,
      tool: "",
      place: { stack: "prod", server: null, context: null },
      journal,
      confirm,
      say,
    };
    const end = await runAct(about).catch((error: unknown) => {
      throw Object.assign(error as Error, { events });
    });
    return { end, events };
  }

  /** Of a run that refused: nothing of the login in what is told and kept. */
  const silent = (error: Error & { events?: JournalEvent[] }): void =>
    assert.doesNotMatch(JSON.stringify([error.message, error.events]), /planted|p%40ss/);
  const writesOn = (index: number): number =>
    set.members[index]!.asked.filter((command) => "setFeatureCompatibilityVersion" in command).length;

  it("raises it on the primary alone, wherever that stands in the connection string, and proves it on every member", async () => {
    const primary = hosts()[0]!;
    const { end, events } = await run({ ...client(), seeds: () => Promise.resolve({ hosts: hosts().reverse(), setName: null }) }); // prettier-ignore
    assert.ok(end.kind === "done");
    assert.ok(
      end.proposal.lines.includes(
        `To be written, on the primary ${primary}: {"setFeatureCompatibilityVersion":"7.0","confirm":true}.`,
      ),
      end.proposal.lines.join("\n"),
    );
    assert.equal(set.compatibility, "7.0");
    assert.deepEqual([0, 1, 2].map(writesOn), [1, 0, 0]);
    const before = Object.fromEntries(hosts().map((host) => [`before.${host}`, "6.0"]));
    assert.deepEqual(end.outcome.details, { ...before, primary, raisedTo: "7.0" });
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["note", "act"],
    );
    assert.doesNotMatch(JSON.stringify([end, events]), /planted|p%40ss/);
  });

  it("gives the server the time that a raise on large data takes", async () => {
    const limits: (number | undefined)[] = [];
    const real = client();
    const mongo: MongoSite = {
      ...real,
      ask: (host, commands, signal, limitSeconds) => {
        if ("setFeatureCompatibilityVersion" in commands[0]!) limits.push(limitSeconds);
        return real.ask(host, commands, signal, limitSeconds);
      },
    };
    await run(mongo);
    assert.deepEqual(limits, [600]);
  });

  const failures: [title: string, change: () => unknown, code: string, message: RegExp, writes: number][] = [
    [
      "the server refuses, repeating the login",
      () =>
        (set.members[0]!.answers["setfeaturecompatibilityversion"] = {
          ok: 0,
          code: 13,
          codeName: "Unauthorized",
          errmsg: `not authorized: ${uriOf()}`,
        }),
      "FCV_RAISE_FAILED",
      /did not raise its feature compatibility version to 7\.0: \S*: not authorized: mongodb:\/\/<redacted>@/,
      1,
    ],
    [
      "the connection ends in the middle",
      () => (set.members[0]!.answers["setfeaturecompatibilityversion"] = "drop"),
      "FCV_RAISE_FAILED",
      /did not raise its feature compatibility version to 7\.0: .*connection .* closed/,
      1,
    ],
    [
      "it takes the command, but does not show it",
      () => (set.members[0]!.answers["setfeaturecompatibilityversion"] = { ok: 1 }),
      "FCV_RAISE_NOT_SEEN",
      /MongoDB took the command, but not every member shows 7\.0/,
      1,
    ],
    [
      "a member is down: no precondition is waived outside the cluster",
      () => set.members[2]!.close(),
      "ACT_REFUSED",
      /Gate mongo-replica-set: /,
      0,
    ],
  ];
  for (const [title, change, code, message, writes] of failures) {
    it(`${code} where ${title}`, async () => {
      await change();
      await assert.rejects(run(), (error: Error & { code: string; events: JournalEvent[] }) => {
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
        silent(error);
        return true;
      });
      assert.deepEqual([writesOn(0), set.compatibility], [writes, "6.0"]);
    });
  }
});
