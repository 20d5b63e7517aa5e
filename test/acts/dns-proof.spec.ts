import assert from "node:assert/strict";
import { dnsCutoverAct } from "../../lib/acts/dns-cutover.js";
import { runAct, type ActEnd } from "../../lib/acts/run-act.js";
import type { ActRequest } from "../../lib/acts/types.js";
import type { JournalEvent } from "../../lib/journal/types.js";
import { moveByHand } from "../engine-suite/driver/by-hand.js";
import { startSite, stopSites, type Rehearsed } from "../../packages/rehearsal/test/site/running.js";
import { createRecorder } from "../journal/recorder.js";

const domain = "palette.rehearsal.example";
const hop = { from: "4.8.33", to: "4.8.47" };
/** The simulated operator moves DNS two minutes after a roll-out. */
const cutOverSeconds = 3600;

async function prove(
  { site, settings, clock, running }: Rehearsed,
  rootDomain: string | null = domain,
): Promise<{ end: ActEnd; events: JournalEvent[] }> {
  const request: ActRequest = {
    hop,
    options: {},
    settings: { ...settings, site: { ...settings.site, rootDomain } },
    secrets: { apiKeys: Object.values(running.apiKeys), mongoUri: "", chartsPassword: "" },
    site,
    clock,
    signal: new AbortController().signal,
  };
  const { events, journal } = createRecorder();
  const end = await runAct({
    act: dnsCutoverAct,
    request,
    because: "DNS was changed",
    ticket: "OPS-7",
    tool: "palette-upgrade 1.2.3",
    place: { stack: "prod", server: null, context: null },
    journal,
    say: () => undefined,
    confirm: () => Promise.resolve(true),
  });
  return { end, events };
}

/** The hop was made, and its roll-out has ended. */
async function hopMade(): Promise<Rehearsed> {
  const site = await startSite({ version: hop.from });
  await moveByHand(site.running, hop.to);
  return site;
}

describe("act dns-cutover, the proof after the hop", () => {
  afterEach(stopSites);

  it("records that the new controller answers for the domain: address, time and journal entry", async () => {
    const site = await hopMade();
    await site.clock.sleep(cutOverSeconds);
    const { end, events } = await prove(site);
    assert.ok(end.kind === "done");
    assert.equal(end.outcome.message, `${domain} is proved to lead to traefik.`);
    assert.deepEqual(end.proposal.lines, [
      "Before the hop: 203.0.113.10 (Service ingress-nginx/ingress-nginx-controller, nginx).",
      `Now: 203.0.113.20 (Service ingress-traefik/traefik-ingress-controller, traefik); point ${domain} and *.${domain} there.`,
      `${domain} is answered by traefik: to be recorded, in the journal alone.`,
    ]);
    const { provedAt = "", ...details } = end.outcome.details;
    assert.deepEqual(details, {
      addresses: "203.0.113.20",
      controller: "traefik",
      moment: "after",
      rootDomain: domain,
    });
    assert.ok(Math.abs(Date.parse(provedAt) - (await site.clock.now()).getTime()) < 60_000, provedAt);
    assert.deepEqual(
      events.map((event) => (event.kind === "act" ? [event.act, event.outcome, event.details] : event.kind)),
      ["note", ["dns-cutover", "done", end.outcome.details]],
    );
  });

  const refused: [title: string, begin: () => Promise<Rehearsed>, rootDomain: string | null, why: RegExp][] = [
    [
      "DNS still leads to the old controller",
      async () => {
        const site = await hopMade();
        await site.running.changeFaults({ add: [{ name: "ingress-not-cut-over" }] });
        await site.clock.sleep(cutOverSeconds);
        return site;
      },
      domain,
      /INGRESS_NOT_CUT_OVER: Gate ingress: palette\.rehearsal\.example is answered by "nginx"/,
    ],
    [
      "the same, where Helm has forgotten what was installed before",
      () => startSite({ version: hop.to, faults: [{ name: "ingress-not-cut-over" }] }),
      domain,
      /INGRESS_NOT_CUT_OVER/,
    ],
    [
      "no domain is set",
      async () => {
        const site = await hopMade();
        await site.clock.sleep(cutOverSeconds);
        return site;
      },
      null,
      /ROOT_DOMAIN_UNKNOWN/,
    ],
  ];
  for (const [title, begin, rootDomain, why] of refused) {
    it(`refuses while ${title}: nothing is proved`, async () => {
      const site = await begin();
      await assert.rejects(prove(site, rootDomain), { code: "ACT_REFUSED", message: why });
    });
  }

  it("proves it where Helm has forgotten what was installed before, by asking", async () => {
    const { end } = await prove(await startSite({ version: hop.to }));
    assert.ok(end.kind === "done");
    assert.equal(end.outcome.details.controller, "traefik");
  });
});
