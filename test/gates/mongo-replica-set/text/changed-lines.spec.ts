import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { judgeSaved } from "../../../../lib/gates/mongo-replica-set/judge-saved.js";
import { decodeSaved } from "../../../../lib/gates/mongo-replica-set/text/decode.js";
import { parseSaved, type Saved } from "../../../../lib/gates/mongo-replica-set/text/saved.js";
import { changes, encodings, type Encoding } from "../../../fixtures/mongo/changed-lines.js";
import { asked } from "../../../fixtures/mongo/replica-set.js";
import { healthy } from "../../../fixtures/mongo/transcripts.js";

interface Sample {
  what: string;
  text: string;
  members: number;
  now: Date;
}

const folder = path.join(process.env["PALETTE_SHARED"] ?? path.join(__dirname, "../../../../../shared"), "data/rs-status"); // prettier-ignore
const own = Object.entries(healthy).map(([what, text]): Sample => ({ what, text, members: 3, now: asked }));
const runs = 200;
const faults = [
  "MongoServerError: node is recovering",
  "command terminated with exit code 137",
  "mongo-2 did not answer",
  "mongo-2.mongo:27017 DOWN",
  "2026-03-02T10:00:00.000Z: MongoServerError: not primary",
  "at mongo-2: connection failed",
  "# mongo-2 did not answer",
  "Warning: Could not access file: MongoServerSelectionError: connection timed out",
];

/** The healthy documents of the shared corpus; none where it is not beside this checkout. */
function listCorpus(): Sample[] {
  if (!existsSync(folder)) return [];
  const now = new Date("2026-11-21T00:00:00Z");
  return readdirSync(folder).flatMap((name) => {
    if (!/^\d+-/.test(name) || name.endsWith(".meta.json")) return [];
    const meta = readFileSync(path.join(folder, name.replace(/\.\w+$/, ".meta.json")), "utf8");
    if ((JSON.parse(meta) as { expected: string }).expected !== "healthy") return [];
    const text = readFileSync(path.join(folder, name), "utf8");
    const saved = parseSaved(text, now);
    assert.ok(saved.kind === "answers", name);
    return [{ what: name, text, members: saved.answers[0]!.views[0]!.status.members!.length, now }];
  });
}

function read({ text, now }: Sample, encoding: Encoding): Saved | null {
  const decoded = decodeSaved(encoding.encode(text));
  return decoded.ok ? parseSaved(decoded.text, now) : null;
}

function passes(saved: Saved | null, { members }: Sample): boolean {
  return saved !== null && judgeSaved(saved, { expectedMembers: members, maxLagSeconds: 10 }).outcome === "pass";
}

/** What a passing answer stands on, whatever the order of its lines. One member has nobody to agree with on a configuration. */
function listEssences(saved: Saved | null): string[] {
  assert.ok(saved?.kind === "answers");
  return saved.answers.map(({ views: [view] }) => {
    const { ok, set, date, members } = view!.status;
    const each = members?.map(({ state, health, lastHeartbeatRecv, configVersion }) =>
      JSON.stringify([state, health, lastHeartbeatRecv, members.length > 1 ? configVersion : null]),
    );
    return JSON.stringify([ok, set, date, members?.map(({ name }) => name).sort(), each?.sort()]);
  });
}

describe("a saved text whose lines were deleted, doubled, reordered, prefixed and encoded otherwise", function () {
  this.timeout(60_000);
  const samples = [...own, ...listCorpus()];
  const asUtf8 = encodings.find(({ name }) => name === "UTF-8")!;

  it("passes as it is, so that what follows means something", () => {
    for (const sample of samples) assert.ok(passes(read(sample, asUtf8), sample), sample.what);
  });

  it("never passes with an answer that was not in it", () => {
    const essences = new Map(samples.map((sample) => [sample.what, listEssences(read(sample, asUtf8))]));
    fc.assert(
      fc.property(fc.constantFrom(...samples), changes, fc.constantFrom(...encodings), (sample, change, encoding) => {
        const text = change.apply(sample.text.split("\n")).join("\n");
        const saved = read({ ...sample, text }, encoding);
        if (!passes(saved, sample)) return;
        assert.ok(saved?.kind === "answers");
        const members = saved.answers.map(({ member }) => member);
        assert.equal(new Set(members).size, members.length, `${sample.what}: ${members.join()}`);
        const known = essences.get(sample.what)!;
        for (const essence of listEssences(saved)) assert.ok(known.includes(essence), `${sample.what}: ${essence}`);
      }),
      { numRuns: runs },
    );
  });

  it("never passes with a member down in it, whatever happens to the other lines", () => {
    const down = samples.flatMap((sample) => {
      const text = sample.text.replace(/((?<![\w$])["']?health["']?\s*:\s*)1(?![\w.])/, "$10");
      return text === sample.text ? [] : [{ ...sample, text, line: findChangedLine(sample.text, text) }];
    });
    assert.ok(down.length >= own.length);
    fc.assert(
      fc.property(fc.constantFrom(...down), changes, fc.constantFrom(...encodings), (sample, change, encoding) => {
        const text = change.apply(sample.text.split("\n"), sample.line).join("\n");
        assert.ok(!passes(read({ ...sample, text }, encoding), sample), `${sample.what}:\n${text}`);
      }),
      { numRuns: runs },
    );
  });

  it("never passes with a failure or an unknown line in it, whatever happens to the other lines", () => {
    // Of commands that ask nothing of the set a failure is a remark; outside of a page's code blocks words are one.
    const strict = own.filter(({ what }) => !/login|Markdown/.test(what));
    const parts = [fc.constantFrom(...strict), changes, fc.constantFrom(...encodings)] as const;
    fc.assert(
      fc.property(...parts, fc.constantFrom(...faults), fc.nat(), (sample, change, encoding, fault, place) => {
        const lines = sample.text.split("\n");
        const at = place % (lines.length + 1);
        const text = change.apply(lines.toSpliced(at, 0, fault), at).join("\n");
        assert.ok(!passes(read({ ...sample, text }, encoding), sample), `${sample.what}:\n${text}`);
      }),
      { numRuns: runs },
    );
  });
});

function findChangedLine(before: string, after: string): number {
  const lines = before.split("\n");
  return after.split("\n").findIndex((line, index) => line !== lines[index]);
}
