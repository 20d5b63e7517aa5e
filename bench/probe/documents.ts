/** Changed answers of MongoDB: judged as saved texts, as saved documents in every form, and live in a made-up cluster. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Long, Timestamp } from "bson";
import { mongoReplicaSetGate } from "../../lib/gates/mongo-replica-set/gate.js";
import { judgeSaved } from "../../lib/gates/mongo-replica-set/judge-saved.js";
import { decodeSaved } from "../../lib/gates/mongo-replica-set/text/decode.js";
import { parseSaved } from "../../lib/gates/mongo-replica-set/text/saved.js";
import { type Outcome } from "../../lib/gates/verdict/types.js";
import { fakeMongo, inputFor } from "../../test/fixtures/mongo/fake-site.js";
import { asked, forms, healthyStatus, type Json } from "../../test/fixtures/mongo/replica-set.js";
import { failing, healthy, unaccounted } from "../../test/fixtures/mongo/transcripts.js";
import { createRandom, drawBelow, drawFrom, type Random } from "../../test/support/seeded-random.js";
import { findFaultOfStatus, findFaultOfText } from "./oracle.js";
import { type ProbeResult, requireAtMost, requireCases, state, Tally } from "./result.js";
import { textChanges } from "./text-changes.js";

interface Base {
  name: string;
  text: string;
  members: number;
  now: Date;
}

/** What a field may be changed to. */
const drawnValues: readonly unknown[] = [
  0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, -1, 0.5, 1e9, null, "", "1", true, false, [], {}, new Date(0),
  new Date("2026-03-02T09:00:00Z"), new Date("2036-03-02T09:00:00Z"), Long.fromNumber(1), Long.fromNumber(9),
  new Timestamp({ t: 0, i: 0 }), new Timestamp({ t: 1772440000, i: 1 }),
]; // prettier-ignore

const must = { pass: "passes that must not be", crash: "crashes" };
const slowestAllowed = 2000;
const signal = new AbortController().signal;

/** Judges `cases` changed answers. `shared`: the folder with `data/rs-status`, where it is there. */
export async function probeDocuments(cases: number, seed: number, shared: string | null): Promise<ProbeResult> {
  const random = createRandom(seed);
  const tally = new Tally();
  const bases = [...listOwnBases(), ...listCorpus(shared)];
  const kinds = [
    () => judgeChangedText(bases, random),
    () => judgeChangedDocument(random),
    () => judgeChangedSet(random),
  ];
  let slowest = { milliseconds: 0, what: "" };
  for (tally.cases = 0; tally.cases < cases; tally.cases += 1) {
    // Half of the cases are texts.
    const played = kinds[tally.cases % 2 === 0 ? 0 : 1 + (((tally.cases - 1) / 2) % 2)]!;
    const { what, judge, fault } = played();
    const started = process.cpuUsage();
    try {
      const outcome = await judge();
      tally.count(outcome === "pass" ? "passes" : "refusals");
      if (outcome === "pass" && fault !== null) tally.fault(must.pass, `case ${tally.cases}, ${what}: ${fault}`);
    } catch (error) {
      tally.fault(must.crash, `case ${tally.cases}, ${what}: ${String(error)}`);
    }
    const { user, system } = process.cpuUsage(started);
    const milliseconds = (user + system) / 1000;
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, what };
  }
  return {
    probe: "documents",
    measures: [
      requireCases(tally.cases, cases),
      tally.requireNone(must.pass),
      tally.requireNone(must.crash),
      tally.requireSome("passes"),
      tally.requireSome("refusals"),
      requireAtMost("slowest, of processor time", slowest.milliseconds, slowestAllowed, "ms"),
      state("slowest was", slowest.what),
      state("documents of the shared corpus", String(bases.length - listOwnBases().length)),
    ],
    faults: tally.faults,
  };
}

interface Played {
  what: string;
  judge: () => Outcome | Promise<Outcome>;
  /** Why it must not pass; null if the oracle is silent. */
  fault: string | null;
}

function judgeChangedText(bases: readonly Base[], random: Random): Played {
  const { name, text, members, now } = drawFrom(random, bases);
  const others = bases.map((base) => base.text);
  const changes = Array.from({ length: drawBelow(random, 4) }, () => drawFrom(random, Object.keys(textChanges)));
  const changed = changes.reduce((so, change) => (so === "" ? so : textChanges[change]!(so, random, others)), text);
  return {
    what: `${name}; ${changes.join(", ")}`,
    judge: () => judgeText(changed, members, now),
    fault: findFaultOfText(changed, members),
  };
}

function judgeText(text: string, expectedMembers: number, now: Date): Outcome {
  const decoded = decodeSaved(Buffer.from(text));
  return decoded.ok
    ? judgeSaved(parseSaved(decoded.text, now), { expectedMembers, maxLagSeconds: 10 }).outcome
    : "unknown";
}

function judgeChangedDocument(random: Random): Played {
  const size = drawFrom(random, [3, 5, 7]);
  const self = drawBelow(random, size);
  const status = healthyStatus(self, size);
  const changes = changeStatus(status, random);
  const form = drawFrom(random, Object.keys(forms));
  return {
    what: `${form}, ${size} members, of mongo-${self}; ${changes}`,
    judge: () => judgeText(forms[form]!(status), size, asked),
    fault: findFaultOfStatus(status, size, self === 0),
  };
}

function judgeChangedSet(random: Random): Played {
  const size = drawFrom(random, [3, 5]);
  const mongo = fakeMongo(size);
  const viewer = drawBelow(random, size);
  const { status } = mongo.envelopes[`mongo-${viewer}`]!;
  const changes = changeStatus(status, random);
  return {
    what: `live, ${size} members, as mongo-${viewer} sees it; ${changes}`,
    judge: async () => (await mongoReplicaSetGate.sample(inputFor(mongo), signal)).outcome,
    fault: findFaultOfStatus(status, size, viewer === 0),
  };
}

/** Changes none to three fields of a status or of its members; returns them in words. */
function changeStatus(status: Json & { members: Json[] }, random: Random): string {
  return Array.from({ length: drawBelow(random, 4) }, () => {
    const index = drawBelow(random, status.members.length);
    const member = status.members[index] ?? status;
    const kind = drawBelow(random, 12);
    if (kind === 0) return (status.members.splice(index, 1), `without member ${index}`);
    if (kind === 1) return (status.members.push({ ...member }), `member ${index} twice`);
    const target = kind < 4 ? status : member;
    const keys = Object.keys(target).filter((key) => key !== "members");
    const key = drawFrom(random, keys.length === 0 ? ["ok"] : keys);
    const where = target === status ? key : `${index}.${key}`;
    if (kind === 2 || kind === 4) return (delete target[key], `without ${where}`);
    const value = drawFrom(random, drawnValues);
    target[key] = value;
    return `${where} = ${JSON.stringify(value)}`;
  }).join(", ");
}

function listOwnBases(): Base[] {
  const sizes = [3, 5].flatMap((members) =>
    Object.entries(forms).map(([form, print]) => ({ name: `${form} of ${members}`, text: print(healthyStatus(0, members)), members, now: asked })),
  ); // prettier-ignore
  // A failed login is a remark, of a page only the code blocks are judged, and lines of two members may come in turn: the
  // oracle reads all lines alike.
  const whole = Object.entries(healthy).filter(([name]) => !/login|Markdown|in turn/.test(name));
  const faulty = [...Object.entries(failing), ...Object.entries(unaccounted)].map(
    ([name, [text]]) => [name, text] as const,
  );
  const transcripts = [...whole, ...faulty].map(([name, text]) => ({ name, text, members: 3, now: asked }));
  return [...sizes, ...transcripts];
}

function listCorpus(shared: string | null): Base[] {
  const folder = shared === null ? null : join(shared, "data/rs-status");
  if (folder === null || !existsSync(folder)) return [];
  // 23 holds a failed login too.
  const names = readdirSync(folder).filter((name) => /^(?!23)\d+-/.test(name) && !name.endsWith(".meta.json"));
  return names.map((name) => {
    const meta = JSON.parse(readFileSync(join(folder, name.replace(/\.\w+$/, ".meta.json")), "utf8")) as {
      members: unknown[];
    };
    const text = readFileSync(join(folder, name), "utf8");
    return { name, text, members: Math.max(1, meta.members.length), now: new Date("2026-11-21T00:00:00Z") };
  });
}
