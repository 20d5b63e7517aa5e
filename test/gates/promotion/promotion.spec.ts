import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import { createPromotionGate, type ChartDigestReader } from "../../../lib/gates/promotion/gate.js";
import type { HopPair, PromotedHop, Verdict } from "../../../lib/gates/verdict/types.js";
import { type Promotion, signPromotion } from "../../../lib/gates/consent/promotion-file.js";
import type { GateSettings } from "../../../lib/settings/gate-settings.js";
import { at, FakeClock, inputFor, neverAborted, settingsFor } from "../fake-site.js";

const hop = (change: Partial<PromotedHop> = {}): PromotedHop => ({
  from: "4.6.41",
  to: "4.7.20",
  chartDigests: { hubble: "aaaaaaaaaaaaaaaa", "cert-manager": "bbbbbbbbbbbbbbbb", "image-swap": "cccccccccccccccc" },
  verifiedAt: at(-1500),
  ...change,
});
const ours: ChartDigestReader = () =>
  Promise.resolve({ hubble: "aaaaaaaaaaaaaaaa", "cert-manager": "bbbbbbbbbbbbbbbb" });
const byStack: GateSettings["promotion"] = {
  stack: "acme/palette/staging",
  file: null,
  key: null,
  stage: null,
  holdSeconds: 24 * 3600,
  maxAgeSeconds: 7 * 24 * 3600,
};

async function judged(
  promoted: PromotedHop[] | null,
  {
    promotion = byStack,
    digests = ours,
    ahead,
  }: { promotion?: GateSettings["promotion"]; digests?: ChartDigestReader; ahead?: HopPair[] } = {},
): Promise<[string, ...string[]]> {
  const verdict: Verdict = await createPromotionGate(digests).sample(
    inputFor({
      settings: settingsFor({ promotion }),
      clock: new FakeClock(),
      ...(promoted === null ? {} : { promoted }),
      ...(ahead === undefined ? {} : { ahead }),
    }),
    neverAborted,
  );
  return [
    verdict.outcome,
    ...verdict.reasons.map(({ code, member, message }) => `${code} ${member ?? "*"}: ${message}`),
  ];
}

describe("the gate promotion, by the stage's stack", () => {
  const table: [title: string, promoted: PromotedHop[] | null, expected: [string, string]][] = [
    [
      "the same hop with the same charts has held",
      [hop()],
      [
        "pass",
        "NOTE *: Stack acme/palette/staging proved 4.6.41 -> 4.7.20 with the same charts at 2026-01-30T07:00:00.000Z, 25 hours ago.",
      ],
    ],
    [
      "it has held to the second",
      [hop({ verifiedAt: at(-1440) })],
      [
        "pass",
        "NOTE *: Stack acme/palette/staging proved 4.6.41 -> 4.7.20 with the same charts at 2026-01-30T08:00:00.000Z, 24 hours ago.",
      ],
    ],
    [
      "it has held a minute too short: waited for",
      [hop({ verifiedAt: at(-1439) })],
      [
        "wait",
        "PROMOTION_TOO_YOUNG *: Stack acme/palette/staging proved 4.6.41 -> 4.7.20 at 2026-01-30T08:01:00.000Z, 24 hours ago, expected at least 24 hours: run this again from 2026-01-31T08:01:00.000Z on.",
      ],
    ],
    [
      "it has held for an hour: not waited for",
      [hop({ verifiedAt: at(-60) })],
      [
        "fail",
        "PROMOTION_TOO_YOUNG *: Stack acme/palette/staging proved 4.6.41 -> 4.7.20 at 2026-01-31T07:00:00.000Z, 60 minutes ago, expected at least 24 hours: run this again from 2026-02-01T07:00:00.000Z on.",
      ],
    ],
    [
      "nothing into the destination",
      [hop({ from: "4.5.23", to: "4.6.41" })],
      [
        "fail",
        "PROMOTION_MISSING *: Stack acme/palette/staging has not taken and proved 4.6.41 -> 4.7.20 (it has none into 4.7.20): take the hop there first.",
      ],
    ],
    [
      "another hop into the destination",
      [hop({ from: "4.6.36" })],
      [
        "fail",
        "PROMOTION_MISSING *: Stack acme/palette/staging has not taken and proved 4.6.41 -> 4.7.20 (it has only 4.6.36 -> 4.7.20): take the hop there first.",
      ],
    ],
    [
      "another chart",
      [hop({ chartDigests: { hubble: "ffffffffffffffff", "cert-manager": "bbbbbbbbbbbbbbbb" } })],
      [
        "fail",
        "PROMOTION_OTHER_CHART hubble: The chart of hubble for 4.7.20 is not the one that Stack acme/palette/staging proved (here sha256 aaaaaaaaaaaa…, there ffffffffffff…): use the same archive on both.",
      ],
    ],
    [
      "no record of a chart",
      [hop({ chartDigests: { hubble: "aaaaaaaaaaaaaaaa" } })],
      [
        "unknown",
        "PROMOTION_CHART_UNKNOWN cert-manager: Stack acme/palette/staging has no record of the chart of cert-manager in its hop 4.6.41 -> 4.7.20, so whether it is the same cannot be determined: take the hop there with this version of the tool, or accept it by name.",
      ],
    ],
    [
      "hops that were not handed over",
      null,
      [
        "unknown",
        "PROMOTION_UNREADABLE *: The verified hops of stack acme/palette/staging were not handed over: the program reads them in an update; by hand, give them as JSON in the environment entry PROMOTED.",
      ],
    ],
  ];
  for (const [title, promoted, expected] of table) {
    it(title, async () => assert.deepEqual(await judged(promoted), expected));
  }

  const proved =
    "NOTE *: Stack acme/palette/staging proved 4.6.41 -> 4.7.20 with the same charts at 2026-01-30T07:00:00.000Z, 25 hours ago.";
  const [second, third] = [
    { from: "4.7.20", to: "4.8.52" },
    { from: "4.8.52", to: "4.9.51" },
  ];
  const routes: [title: string, promoted: PromotedHop[], expected: string[]][] = [
    [
      "none of the route is proved: every hop is named",
      [],
      [
        "fail",
        "PROMOTION_MISSING *: Stack acme/palette/staging has not taken and proved 4.6.41 -> 4.7.20 (it has none into 4.7.20), nor 4.7.20 -> 4.8.52, 4.8.52 -> 4.9.51 further on this route: take these hops there first, in this order.",
      ],
    ],
    [
      "this one is not, one of the later ones is",
      [hop(second)],
      [
        "fail",
        "PROMOTION_MISSING *: Stack acme/palette/staging has not taken and proved 4.6.41 -> 4.7.20 (it has none into 4.7.20), nor 4.8.52 -> 4.9.51 further on this route: take these hops there first, in this order.",
      ],
    ],
    [
      "this one is, the last is not: a remark",
      [hop(), hop(second)],
      [
        "pass",
        proved,
        "NOTE *: Stack acme/palette/staging has not taken and proved 4.8.52 -> 4.9.51, further on this route: take it there before it is due here.",
      ],
    ],
    ["negative twin: all are", [hop(), hop(second), hop(third)], ["pass", proved]],
  ];
  for (const [title, promoted, expected] of routes) {
    it(`with two hops ahead, ${title}`, async () =>
      assert.deepEqual(await judged(promoted, { ahead: [second, third] }), expected));
  }

  it("has nothing to judge where no stage is set", async () => {
    const promotion = { ...byStack, stack: null };
    assert.deepEqual(await judged(null, { promotion }), [
      "pass",
      "NOT_APPLICABLE *: Neither palette:promotion.stack nor palette:promotion.file is set, so the gate promotion has nothing to judge on the hop 4.6.41 -> 4.7.20.",
    ]);
  });

  it("is unknown where our own charts cannot be read, and never passes by that", async () => {
    const digests: ChartDigestReader = () =>
      Promise.reject(new InvalidInputError("CHART_MISSING", "Palette 4.7.20 needs a file.", { next: "Unpack it." }));
    assert.deepEqual(await judged([hop()], { digests }), [
      "unknown",
      "PROMOTION_CHART_UNKNOWN *: The charts of the destination could not be compared with those that were proved: Palette 4.7.20 needs a file. Unpack it.",
    ]);
  });
});

describe("the gate promotion, by a signed file", () => {
  const folder = mkdtempSync(join(tmpdir(), "palette-promotion-"));
  const place = (name: string): string => join(folder, name);
  const pair = generateKeyPairSync("ed25519");
  const other = generateKeyPairSync("ed25519");
  const pem = (key: typeof pair.publicKey): string => key.export({ type: "spki", format: "pem" }).toString();
  const stage: Promotion = {
    stage: "acme/palette/staging",
    edition: "palette",
    method: "kubernetes",
    clusterUid: "uid-of-staging",
    exportedAt: at(0),
    hops: [hop()],
  };
  const privateKey = { file: "a.key", text: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
  const signed = signPromotion(stage, privateKey);
  before(() => {
    writeFileSync(place("good.json"), signed);
    writeFileSync(place("changed.json"), signed.replace("4.6.41", "4.6.36"));
    writeFileSync(place("none.json"), "{}");
    writeFileSync(place("good.pub"), pem(pair.publicKey));
    writeFileSync(place("other.pub"), pem(other.publicKey));
  });
  const byFile = (file: string, key: string | null = "good.pub"): GateSettings["promotion"] => ({
    stack: null,
    file: place(file),
    key: key === null ? null : place(key),
    stage: "acme/palette/staging",
    holdSeconds: 24 * 3600,
    maxAgeSeconds: 7 * 24 * 3600,
  });
  const table: [title: string, promotion: () => GateSettings["promotion"], outcome: string, reason: RegExp][] = [
    [
      "a sound one passes",
      () => byFile("good.json"),
      "pass",
      /^NOTE \*: Stack acme\/palette\/staging \(by .*good\.json\) proved 4\.6\.41 -> 4\.7\.20/,
    ],
    [
      "a changed one fails",
      () => byFile("changed.json"),
      "fail",
      /^PROMOTION_SIGNATURE \*: .*is not signed by the key of this stack/,
    ],
    ["another's key fails", () => byFile("good.json", "other.pub"), "fail", /^PROMOTION_SIGNATURE/],
    [
      "one of another form is unknown",
      () => byFile("none.json"),
      "unknown",
      /^PROMOTION_UNREADABLE \*: \S+none\.json: The file of/,
    ],
    [
      "a key that is none is unknown, by its own name",
      () => byFile("good.json", "none.json"),
      "unknown",
      /^PROMOTION_UNREADABLE \*: The public key of promotion \S+none\.json \(palette:promotion\.key\) cannot be read/,
    ],
    [
      "one that is not there is unknown",
      () => byFile("absent.json"),
      "unknown",
      /^PROMOTION_UNREADABLE \*: palette:promotion.file names \S+absent\.json, which is not there: put the signed file of palette-upgrade promotion export there, or name it\.$/,
    ],
    [
      "a key that is not there is unknown",
      () => byFile("good.json", "absent.pub"),
      "unknown",
      /^PROMOTION_UNREADABLE \*: palette:promotion.key names \S+absent\.pub, which is not there: put its public key there, or name it\.$/,
    ],
    [
      "a key that is a folder is unknown",
      () => byFile("good.json", "."),
      "unknown",
      /^PROMOTION_UNREADABLE \*: palette:promotion.key names \S+, which cannot be read \(EISDIR/,
    ],
    ["no key is unknown", () => byFile("good.json", null), "unknown", /names no public key to check it by: set it\.$/],
    [
      "no expected stage is unknown",
      () => ({ ...byFile("good.json"), stage: null }),
      "unknown",
      /^PROMOTION_UNREADABLE \*: palette:promotion\.file is \S+good\.json, but palette:promotion\.stage names no stage that it has to be of: set it as organization\/project\/stack\.$/,
    ],
    [
      "a stack beside it is unknown",
      () => ({ ...byFile("good.json"), stack: "acme/palette/staging" }),
      "unknown",
      /^PROMOTION_AMBIGUOUS/,
    ],
  ];
  for (const [title, promotion, outcome, reason] of table) {
    it(title, async () => {
      const [found, text] = await judged(null, { promotion: promotion() });
      assert.equal(found, outcome);
      assert.match(text!, reason);
    });
  }
});
