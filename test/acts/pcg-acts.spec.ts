import assert from "node:assert/strict";
import { pcgApproveAct } from "../../lib/acts/pcg-approve.js";
import { pcgResumeAct } from "../../lib/acts/pcg-resume.js";
import { createConnectOptions } from "../../lib/program/rehearsal/connect-options.js";
import { connectSite } from "../../lib/site/connect.js";
import type { FaultSpec } from "../../packages/rehearsal/lib/types.js";
import { startSite, stopSites, type Rehearsed } from "../../packages/rehearsal/test/site/running.js";
import { codesOf, requestOn, vsphere } from "./pcg-request.js";

interface Notes {
  details: Record<string, string>[];
  /** Whether the gateway was paused when the note was written. */
  pausedThen: (boolean | null)[];
}

async function clusterOf({ site }: Rehearsed, name = "pcg-vsphere"): Promise<string> {
  return (await site.tenants[0]!.overlords()).find((overlord) => overlord.name === name)!.spectroClusterUid;
}

async function noting(site: Rehearsed): Promise<Notes & { note: (details: Record<string, string>) => Promise<void> }> {
  const cluster = await clusterOf(site);
  const notes: Notes = { details: [], pausedThen: [] };
  const note = async (details: Record<string, string>): Promise<void> => {
    notes.details.push(details);
    notes.pausedThen.push(await site.site.tenants[0]!.clusterUpdatesPaused(cluster));
  };
  return { ...notes, note };
}

describe("act pcg-resume on the simulated site", () => {
  afterEach(stopSites);

  it("shows what it would write, writes nothing while it shows it, then resumes that gateway alone", async () => {
    const rehearsed = await startSite({ faults: [{ name: "pcg-paused" }] });
    const request = await requestOn(rehearsed, { pcg: vsphere });
    const cluster = await clusterOf(rehearsed);

    const proposal = await pcgResumeAct.propose(request);
    assert.deepEqual([proposal.refusals, proposal.alreadyDone, proposal.irreversible], [[], false, false]);
    assert.deepEqual(proposal.lines, [
      "PCG acme/pcg-vsphere: platform updates are paused by its own switch; its agent is at 4.1.2.",
      `To be written: the switch of this gateway's cluster (${cluster}) is set to "unlock"; nothing of its tenant or of any other gateway.`,
      "Its agent then updates itself at its next poll (every 15 minutes), without downtime.",
      "After the hop 4.1.12 -> 4.2.7 it must be paused again by whoever had paused it: the journal keeps that.",
    ]);
    assert.equal(await rehearsed.site.tenants[0]!.clusterUpdatesPaused(cluster), true);

    const notes = await noting(rehearsed);
    const outcome = await pcgResumeAct.perform(request, notes.note);
    assert.equal(await rehearsed.site.tenants[0]!.clusterUpdatesPaused(cluster), false);
    assert.deepEqual(notes.pausedThen, [true], "what is to be paused again is recorded before the write");
    assert.deepEqual(notes.details, [
      {
        agentVersion: "4.1.2",
        cluster,
        hop: "4.1.12->4.2.7",
        pauseAgain: "PCG acme/pcg-vsphere, its own switch: Pause Platform Upgrades",
        pcg: vsphere,
      },
    ]);
    assert.equal(
      outcome.message,
      "PCG acme/pcg-vsphere: platform updates are resumed. Pause them again after the hop to 4.2.7 where they are meant to be.",
    );
    assert.equal((await pcgResumeAct.propose(request)).alreadyDone, true);
  });

  it("one that is not paused is done already: nothing is written or noted", async () => {
    const rehearsed = await startSite();
    const request = await requestOn(rehearsed, { pcg: vsphere });
    const notes = await noting(rehearsed);
    assert.equal((await pcgResumeAct.propose(request)).alreadyDone, true);
    const outcome = await pcgResumeAct.perform(request, notes.note);
    assert.deepEqual([notes.details, outcome.details.pauseAgain], [[], ""]);
  });

  const unknown: [title: string, pcg: string, code: string][] = [
    ["no gateway named", "", "PCG_NOT_LISTED"],
    ["one that is not listed", "acme/other", "PCG_NOT_LISTED"],
    ["another tenant's", "globex/pcg-vsphere", "PCG_NOT_LISTED"],
    ["the system gateway", "acme/System Private Gateway", "PCG_NOT_LISTED"],
  ];
  for (const [title, pcg, code] of unknown) {
    it(`refuses ${title}: ${code}`, async () => {
      const rehearsed = await startSite({ faults: [{ name: "pcg-paused" }] });
      const request = await requestOn(rehearsed, { pcg });
      assert.deepEqual(await codesOf(pcgResumeAct, request), [code]);
      const notes = await noting(rehearsed);
      await assert.rejects(pcgResumeAct.perform(request, notes.note), {
        code,
        exitCode: 3,
        next: /Name one of acme\//,
      });
      assert.deepEqual(notes.details, []);
    });
  }

  it("never lifts a tenant's pause, nor goes round it", async () => {
    const rehearsed = await startSite({ faults: [{ name: "pcg-paused" }] });
    const [acme, ...others] = rehearsed.site.tenants;
    const paused = { ...acme!, platformUpdatesPaused: () => Promise.resolve(true) };
    const site = { ...rehearsed.site, tenants: [paused, ...others] };
    const request = await requestOn(rehearsed, { pcg: vsphere }, { site });
    const { refusals } = await pcgResumeAct.propose(request);
    assert.deepEqual(refusals, [
      {
        code: "TENANT_PAUSED",
        message:
          "PCG acme/pcg-vsphere: tenant acme has platform updates paused for all its clusters; this act only turns a gateway's own switch.",
        next: "Ask the tenant's administrators: Tenant Settings > Platform Settings > Pause Platform Upgrades in Palette.",
      },
    ]);
    const notes = await noting(rehearsed);
    await assert.rejects(pcgResumeAct.perform(request, notes.note), { code: "TENANT_PAUSED" });
    assert.equal(await rehearsed.site.tenants[0]!.clusterUpdatesPaused(await clusterOf(rehearsed)), true);
  });

  it("a gateway that is resumed under its tenant's pause is as it should be: nothing to do", async () => {
    const rehearsed = await startSite();
    const [acme, ...others] = rehearsed.site.tenants;
    const paused = { ...acme!, platformUpdatesPaused: () => Promise.resolve(true) };
    const request = await requestOn(
      rehearsed,
      { pcg: vsphere },
      { site: { ...rehearsed.site, tenants: [paused, ...others] } },
    );
    const { refusals, alreadyDone } = await pcgResumeAct.propose(request);
    assert.deepEqual([refusals, alreadyDone], [[], true]);
    const notes = await noting(rehearsed);
    const { message } = await pcgResumeAct.perform(request, notes.note);
    assert.deepEqual(
      [message, notes.details],
      ["PCG acme/pcg-vsphere was not paused by its own switch; nothing was written.", []],
    );
  });

  it("a key that is not valid refuses, naming the tenant and what to do", async () => {
    const rehearsed = await startSite();
    const { settings, running } = rehearsed;
    const connection = createConnectOptions(running.environment);
    const site = connectSite(settings, { apiKeys: ["planted-wrong-key"] }, connection);
    const request = await requestOn(rehearsed, { pcg: vsphere }, { site });
    const { refusals } = await pcgResumeAct.propose(request);
    assert.deepEqual(
      refusals.map(({ code }) => code),
      ["UNAUTHORIZED"],
    );
    assert.match(refusals[0]!.message, /the API key of tenant acme is not valid or has expired\. Make a new key/);
    assert.ok(!JSON.stringify(refusals).includes("planted"));
  });

  const flaky: [FaultSpec["name"], number][] = [
    ["api-500", 2],
    ["api-429", 2],
    ["api-connection-cut", 1],
  ];
  for (const [name, count] of flaky) {
    it(`rides out ${count} times ${name}: the switch is set once it can be`, async () => {
      const rehearsed = await startSite({ faults: [{ name: "pcg-paused" }] });
      const request = await requestOn(rehearsed, { pcg: vsphere });
      const cluster = await clusterOf(rehearsed);
      await pcgResumeAct.perform(request, async () => rehearsed.running.changeFaults({ add: [{ name, count }] }));
      assert.equal(await rehearsed.site.tenants[0]!.clusterUpdatesPaused(cluster), false);
    });
  }

  it("a write that never goes through says what to do, and is known to the journal", async () => {
    const rehearsed = await startSite({ faults: [{ name: "pcg-paused" }] });
    const request = await requestOn(rehearsed, { pcg: vsphere });
    let noted = 0;
    const broken = async (): Promise<void> => {
      noted += 1;
      await rehearsed.running.changeFaults({ add: [{ name: "api-500" }] });
    };
    await assert.rejects(pcgResumeAct.perform(request, broken), {
      code: "PCG_RESUME_FAILED",
      message:
        /^PCG acme\/pcg-vsphere: resuming its platform updates did not succeed: Tenant acme: POST .* answered 500/,
      next: "Run the act again: it reads the switch first, so that nothing is done twice.",
    });
    assert.equal(noted, 1);
  });
});

describe("act pcg-approve on the simulated site", () => {
  afterEach(stopSites);
  const waiting: FaultSpec = { name: "pcg-profile-update-waiting" };
  const allowed = { pcg: vsphere, "allow-unverified-call": "yes" };

  it("shows the profile's diff without any value, confirms it, and it is pending no more", async () => {
    const rehearsed = await startSite({ faults: [waiting] });
    const request = await requestOn(rehearsed, allowed);
    const cluster = await clusterOf(rehearsed);
    const proposal = await pcgApproveAct.propose(request);
    assert.deepEqual([proposal.refusals, proposal.alreadyDone, proposal.irreversible], [[], false, true]);
    assert.deepEqual(proposal.lines.slice(0, 4), [
      "PCG acme/pcg-vsphere: 1 profile update(s) pending; its agent is at 4.1.2.",
      "profile pcg-vsphere-profile: 1.0.0 -> 1.0.1",
      "  pack kubernetes: 1.30.0 -> 1.30.1",
      "  pack kubernetes: values differ (not shown)",
    ]);
    assert.match(proposal.lines.at(-1)!, /UNVERIFIED in public documents/);
    assert.deepEqual(await rehearsed.site.tenants[0]!.pendingProfileUpdates(cluster), ["pcg-vsphere-profile"]);

    const noted: Record<string, string>[] = [];
    const outcome = await pcgApproveAct.perform(request, async (details) => {
      noted.push(details);
      assert.deepEqual(await rehearsed.site.tenants[0]!.pendingProfileUpdates(cluster), ["pcg-vsphere-profile"]);
    });
    assert.deepEqual(await rehearsed.site.tenants[0]!.pendingProfileUpdates(cluster), []);
    assert.deepEqual((await rehearsed.site.tenants[0]!.appliedProfiles(cluster)).profiles[0]!.version, "1.0.1");
    assert.equal(noted[0]!.profiles, "pcg-vsphere-profile 1.0.1");
    assert.match(outcome.message, /pcg-catch-up waits for the event "all control planes are updated"/);
    assert.equal((await pcgApproveAct.propose(request)).alreadyDone, true);
  });

  it("makes no unverified call unless told so by name", async () => {
    const rehearsed = await startSite({ faults: [waiting] });
    for (const given of [undefined, "no", "true", ""]) {
      const options = { pcg: vsphere, ...(given === undefined ? {} : { "allow-unverified-call": given }) };
      const request = await requestOn(rehearsed, options);
      const { refusals, lines } = await pcgApproveAct.propose(request);
      assert.deepEqual(
        refusals.map(({ code }) => code),
        ["UNVERIFIED_CALL"],
      );
      assert.match(
        refusals[0]!.next,
        /Updates, review the changes, then Confirm updates\), or give --allow-unverified-call yes/,
      );
      assert.ok(lines.length > 3, "the diff is shown all the same");
      await assert.rejects(
        pcgApproveAct.perform(request, () => assert.fail("it noted a write")),
        { code: "UNVERIFIED_CALL" },
      );
    }
    assert.equal((await rehearsed.site.tenants[0]!.pendingProfileUpdates(await clusterOf(rehearsed))).length, 1);
  });

  it("confirms nothing that was not shown", async () => {
    const rehearsed = await startSite({ faults: [waiting] });
    await assert.rejects(
      pcgApproveAct.perform(await requestOn(rehearsed, allowed), () => assert.fail("it noted a write")),
      { code: "PCG_OFFER_CHANGED", next: "Run the act again and look at what it shows now." },
    );
  });

  it("a gateway on an existing cluster has nothing to approve", async () => {
    const rehearsed = await startSite();
    const request = await requestOn(rehearsed, { ...allowed, pcg: "acme/pcg-existing" });
    const { alreadyDone, lines } = await pcgApproveAct.propose(request);
    assert.equal(alreadyDone, true);
    assert.deepEqual(lines, [
      "PCG acme/pcg-existing runs on an existing Kubernetes cluster: it gets agent updates only.",
    ]);
  });

  it("waits while any listed gateway of the tenant is not well", async () => {
    const rehearsed = await startSite({ faults: [waiting, { name: "pcg-agent-stale" }] });
    assert.deepEqual(await codesOf(pcgApproveAct, await requestOn(rehearsed, allowed)), ["PCG_HEARTBEAT_STALE"]);
  });

  it("a confirmation that broke is never sent twice, and what is not known is said", async () => {
    const rehearsed = await startSite({ faults: [waiting] });
    const request = await requestOn(rehearsed, allowed);
    await pcgApproveAct.propose(request);
    // The offer is read once more before the write; the write is the request that fails.
    const api = rehearsed.running;
    let writes = 0;
    const counted = async (): Promise<void> => {
      writes += 1;
      await api.changeFaults({ add: [{ name: "api-500" }] });
    };
    await assert.rejects(pcgApproveAct.perform(request, counted), {
      code: "PCG_APPROVE_FAILED",
      message: /^PCG acme\/pcg-vsphere: whether its profile updates were confirmed is not known: /,
      next: /^Look at the gateway's Updates and Events in Palette; /,
    });
    assert.equal(writes, 1);
  });
});
