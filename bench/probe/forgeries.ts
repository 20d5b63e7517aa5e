/** Forged and altered promotion files, judged by the gate of promotion: none may be taken, the genuine one is. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { toCanonicalJson } from "../../lib/base/text/canonical-json.js";
import { type Promotion, signPromotion } from "../../lib/gates/consent/promotion-file.js";
import { createPromotionGate } from "../../lib/gates/promotion/gate.js";
import { type Outcome } from "../../lib/gates/verdict/types.js";
import { at, FakeClock, inputFor, neverAborted, settingsFor } from "../../test/gates/fake-site.js";
import { createRandom, drawBelow, drawFrom, type Random } from "../../test/support/seeded-random.js";
import { type ProbeResult, requireCases, Tally } from "./result.js";

type Json = Record<string, unknown>;

const digests = { hubble: "aaaaaaaaaaaaaaaa", "cert-manager": "bbbbbbbbbbbbbbbb" };
const hop = { from: "4.6.41", to: "4.7.20", chartDigests: digests, verifiedAt: at(-1500) };
const genuine: Promotion = {
  stage: "acme/palette/staging",
  edition: "palette",
  method: "kubernetes",
  clusterUid: "uid-of-staging",
  exportedAt: at(0),
  hops: [{ ...hop, from: "4.5.23", to: "4.6.41", verifiedAt: at(-9000) }, hop],
};
const own = "uid-of-prod";
/** What is no file of the stage, by a person who holds its key. */
const unfit: readonly Partial<Promotion>[] = [
  { stage: "acme/palette/prod" },
  { stage: "acme/palette/staging2" },
  { edition: "vertex" },
  { method: "appliance" },
  { clusterUid: own },
  { exportedAt: at(-8 * 1440) },
  { exportedAt: at(1440) },
  { hops: [] },
  { hops: [genuine.hops[0]!] },
  { hops: [{ ...hop, verifiedAt: at(-60) }] },
  { hops: [{ ...hop, chartDigests: { ...digests, hubble: "cccccccccccccccc" } }] },
  { hops: [{ ...hop, chartDigests: {} }] },
  { hops: [hop, { ...hop, verifiedAt: at(-1450), chartDigests: { ...digests, hubble: "cccccccccccccccc" } }] },
];
const drawn: readonly unknown[] = ["", "0", 0, 1, 2, -1, null, true, [], {}, "acme/palette/prod", "vertex", "appliance", own, "4.8.8", at(-1), at(-3000), "cccccccccccccccc", "2026-01-31T08:00:00Z", "a/b/c", "palette-upgrade backup"]; // prettier-ignore
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

interface Stage {
  keys: { genuine: KeyObject; other: KeyObject };
  text: string;
  judge: (text: string) => Promise<Outcome>;
}

/** Judges `cases` forged or altered files, and the genuine one among them. */
export async function probeForgeries(cases: number, seed: number): Promise<ProbeResult> {
  const folder = mkdtempSync(join(tmpdir(), "palette-probe-"));
  const random = createRandom(seed);
  const tally = new Tally();
  try {
    const stage = createStage(folder);
    for (const text of [stage.text, JSON.stringify(JSON.parse(stage.text))])
      tally.count((await stage.judge(text)) === "pass" ? "genuine files taken" : "genuine files refused");
    while (tally.cases < cases) {
      const [how, text] = forge(stage, random);
      // The same content, e.g. after a change of white space, is no forgery.
      if (hasSameContent(text, stage.text)) continue;
      tally.cases += 1;
      try {
        if ((await stage.judge(text)) === "pass") tally.fault("forged files taken", `case ${tally.cases}: ${how}`);
      } catch (error) {
        tally.fault("crashes", `case ${tally.cases}, ${how}: ${String(error)}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    probe: "forgeries",
    measures: [
      requireCases(tally.cases, cases),
      tally.requireNone("forged files taken"),
      tally.requireNone("crashes"),
      tally.requireSome("genuine files taken"),
      tally.requireNone("genuine files refused"),
    ],
    faults: tally.faults,
  };
}

function createStage(folder: string): Stage {
  const [file, key] = [join(folder, "promotion.json"), join(folder, "stage.pub")];
  const pair = generateKeyPairSync("ed25519");
  writeFileSync(key, pair.publicKey.export({ type: "spki", format: "pem" }));
  const promotion = { stack: null, file, key, stage: genuine.stage, holdSeconds: 86_400, maxAgeSeconds: 7 * 86_400 };
  const gate = createPromotionGate(() => Promise.resolve(digests));
  const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return {
    keys: { genuine: pair.privateKey, other: generateKeyPairSync("ed25519").privateKey },
    text: signPromotion(genuine, { file: "stage.key", text: pem }),
    judge: async (text) => {
      writeFileSync(file, text);
      const settings = settingsFor({ promotion, clusterUid: own });
      return (await gate.sample(inputFor({ settings, clock: new FakeClock() }), neverAborted)).outcome;
    },
  };
}

function forge({ text, keys }: Stage, random: Random): [how: string, text: string] {
  const { signature, ...body } = JSON.parse(text) as Json & { signature: string };
  const kinds: (() => [string, string])[] = [
    () => {
      const [how, changed] = changeField({ ...body, signature }, random);
      return [`${how}, signature kept`, JSON.stringify(changed)];
    },
    () => {
      const [how, changed] = changeField(body, random);
      return [`${how}, signed by another key`, seal(changed, keys.other)];
    },
    () => ["signed by another key", seal(body, keys.other)],
    () => {
      const change = drawFrom(random, unfit);
      return [`signed by the stage, with ${JSON.stringify(change)}`, seal({ ...body, ...change }, keys.genuine)];
    },
    () => {
      const change = drawFrom(random, [{ purpose: "palette-upgrade backup" }, { schemaVersion: 1 }, { schemaVersion: 3 }, { more: 1 }]);
      return [`signed by the stage, with ${JSON.stringify(change)}`, seal({ ...body, ...change }, keys.genuine)];
    },
    () => ["another signature", JSON.stringify({ ...body, signature: changeSignature(signature, random) })],
    () => ["a changed byte", changeByte(text, random)],
    () => ["cut", text.slice(0, drawBelow(random, text.length))],
    () => ["a key put in", text.replace("{", `{${drawFrom(random, ['"__proto__":{"stage":"x"},', '"constructor":1,', '"hops ":[],', '"Stage":"x",'])}`)],
    () => ["a key put into the charts", text.replace('"chartDigests": {', `"chartDigests": {${drawFrom(random, ['"__proto__":"x",', '"toString":"x",', '"":"x",'])}`)],
    () => ["a key put into a hop", text.replace('"from"', `${drawFrom(random, ['"__proto__":{}', '"x":1', '"to ":1'])},"from"`)],
  ]; // prettier-ignore
  return drawFrom(random, kinds)();
}

/** Changes, takes away or doubles one field of a file, however deep. */
function changeField(body: Json, random: Random): [how: string, changed: Json] {
  const changed = structuredClone(body);
  let target: Json = changed;
  const path: string[] = [];
  for (;;) {
    const key = drawFrom(random, Object.keys(target));
    path.push(key);
    const inner = target[key];
    if (typeof inner !== "object" || inner === null || Object.keys(inner).length === 0 || drawBelow(random, 4) === 0) {
      const value = drawFrom(random, drawn);
      if (Array.isArray(inner) && drawBelow(random, 2) === 0) inner.push(...(inner as unknown[]));
      else if (drawBelow(random, 4) === 0) delete target[key];
      else target[key] = value;
      return [`${path.join(".")} changed`, changed];
    }
    target = inner as Json;
  }
}

function seal(body: Json, key: KeyObject): string {
  return JSON.stringify({ ...body, signature: sign(null, Buffer.from(toCanonicalJson(body)), key).toString("base64") });
}

function changeSignature(signature: string, random: Random): string {
  const bytes = Buffer.from(signature, "base64");
  const at = drawBelow(random, bytes.length);
  const flipped = Buffer.from(bytes);
  flipped[at]! ^= 1 << drawBelow(random, 8);
  return drawFrom(random, [
    flipped.toString("base64"),
    addOrder(bytes).toString("base64"),
    Buffer.alloc(64).toString("base64"),
    bytes.subarray(0, at).toString("base64"),
    Buffer.concat([bytes, Buffer.from([0])]).toString("base64"),
    changeLastSign(signature),
    `${signature}\n`,
    signature.replaceAll("+", "-").replaceAll("/", "_").concat(" "),
    bytes.toString("hex"),
    "",
  ]);
}

/** The same signature modulo the group's order, which a verifier has to refuse. */
function addOrder(signature: Buffer): Buffer {
  const scalar = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`) + order;
  const hex = scalar.toString(16).padStart(64, "0");
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(hex, "hex").reverse()]);
}

/** The same bytes written otherwise: the last letter has bits that do not count. */
function changeLastSign(signature: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const end = signature.indexOf("=");
  const last = letters.indexOf(signature[end - 1]!);
  return `${signature.slice(0, end - 1)}${letters[last ^ 1]!}${signature.slice(end)}`;
}

function changeByte(text: string, random: Random): string {
  const bytes = Buffer.from(text);
  bytes[drawBelow(random, bytes.length)] = drawBelow(random, 256);
  return bytes.toString("utf8");
}

function hasSameContent(one: string, other: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(one), JSON.parse(other));
  } catch {
    return false;
  }
}
