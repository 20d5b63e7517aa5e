import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Promotion, signPromotion } from "../../../lib/gates/consent/promotion-file.js";
import { type ChartDigestReader, createPromotionGate } from "../../../lib/gates/promotion/gate.js";
import { type PromotedHop, type Verdict } from "../../../lib/gates/verdict/types.js";
import { at, FakeClock, inputFor, neverAborted, settingsFor } from "../fake-site.js";

const hop = (change: Partial<PromotedHop> = {}): PromotedHop => ({
  from: "4.6.41",
  to: "4.7.20",
  chartDigests: { hubble: "aaaaaaaaaaaaaaaa", "cert-manager": "bbbbbbbbbbbbbbbb" },
  verifiedAt: at(-1500),
  ...change,
});
const ours: ChartDigestReader = () =>
  Promise.resolve({ hubble: "aaaaaaaaaaaaaaaa", "cert-manager": "bbbbbbbbbbbbbbbb" });

describe("what a promotion file is bound to", () => {
  const folder = mkdtempSync(join(tmpdir(), "palette-promotion-"));
  const file = join(folder, "bound.json");
  const key = join(folder, "stage.pub");
  const pair = generateKeyPairSync("ed25519");
  const privateKey = { file: "a.key", text: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
  const stage: Promotion = {
    stage: "acme/palette/staging",
    edition: "palette",
    method: "kubernetes",
    clusterUid: "uid-of-staging",
    exportedAt: at(0),
    hops: [hop()],
  };
  before(() => writeFileSync(key, pair.publicKey.export({ type: "spki", format: "pem" })));
  const own = "9d8c7b6a";
  const bindings: [title: string, change: Partial<Promotion>, expected: string[]][] = [
    [
      "of this very installation",
      { clusterUid: own },
      [
        "PROMOTION_OWN_FILE *: FILE is of this very installation (stack acme/palette/staging, the same cluster), which cannot go ahead of itself: export it on the stage before.",
      ],
    ],
    [
      "of another stack",
      { stage: "acme/palette/dev" },
      [
        "PROMOTION_OTHER_STAGE *: FILE is of stack acme/palette/dev, expected acme/palette/staging (palette:promotion.stage): export it there, or name the stage that is meant.",
      ],
    ],
    [
      "of another edition",
      { edition: "vertex" },
      [
        "PROMOTION_OTHER_EDITION *: FILE is of edition vertex, method kubernetes, expected palette, kubernetes: promote between installations of one kind.",
      ],
    ],
    [
      "of another method",
      { method: "appliance" },
      [
        "PROMOTION_OTHER_EDITION *: FILE is of edition palette, method appliance, expected palette, kubernetes: promote between installations of one kind.",
      ],
    ],
    [
      "exported eight days ago",
      { exportedAt: at(-8 * 1440) },
      [
        `PROMOTION_FILE_AGE *: FILE was exported at ${at(-8 * 1440)}, 8 days ago, expected at most 7 days (palette:promotion.maxAge): export it anew on the stage.`,
      ],
    ],
    [
      "exported tomorrow",
      { exportedAt: at(1440) },
      [
        `PROMOTION_FILE_AGE *: FILE was exported at ${at(1440)}, which is after now (${at(0)}): set the clocks right, then export it anew.`,
      ],
    ],
    [
      "of prod itself, and old",
      { clusterUid: own, stage: "acme/palette/prod", exportedAt: at(-8 * 1440) },
      ["PROMOTION_OWN_FILE", "PROMOTION_OTHER_STAGE", "PROMOTION_FILE_AGE"],
    ],
  ];
  const neighbours: [title: string, change: Partial<Promotion>][] = [
    ["of another installation", { clusterUid: "9d8c7b6b" }],
    ["exported seven days ago", { exportedAt: at(-7 * 1440) }],
    ["exported by a clock that is five minutes ahead", { exportedAt: at(5) }],
  ];

  async function judgeBound(change: Partial<Promotion>): Promise<Verdict> {
    writeFileSync(file, signPromotion({ ...stage, ...change }, privateKey));
    const promotion = {
      stack: null,
      file,
      key,
      stage: "acme/palette/staging",
      holdSeconds: 86_400,
      maxAgeSeconds: 7 * 86_400,
    };
    const settings = settingsFor({ promotion, clusterUid: own });
    return createPromotionGate(ours).sample(inputFor({ settings, clock: new FakeClock() }), neverAborted);
  }

  for (const [title, change, expected] of bindings) {
    it(`a file ${title} fails`, async () => {
      const { outcome, reasons } = await judgeBound(change);
      assert.equal(outcome, "fail");
      const reported = reasons.map(({ code, message }) => `${code} *: ${message.replace(file, "FILE")}`);
      assert.deepEqual(
        reported.map((line, index) => (expected[index]?.includes(" ") ? line : line.split(" ")[0])),
        expected,
      );
    });
  }
  for (const [title, change] of neighbours) {
    it(`a file ${title} passes`, async () => assert.equal((await judgeBound(change)).outcome, "pass"));
  }

  it("the newest entry of a hop counts, wherever it stands", async () => {
    const bad = { "cert-manager": "bbbbbbbbbbbbbbbb", hubble: "ffffffffffffffff" };
    for (const [older, newer, code] of [
      [hop(), hop({ verifiedAt: at(-1450), chartDigests: bad }), "PROMOTION_OTHER_CHART"],
      [hop({ chartDigests: bad }), hop({ verifiedAt: at(-1450) }), "NOTE"],
      [hop({ verifiedAt: at(-3000) }), hop({ verifiedAt: at(-60) }), "PROMOTION_TOO_YOUNG"],
    ] as const) {
      for (const hops of [
        [older, newer],
        [newer, older],
      ]) {
        assert.deepEqual(
          (await judgeBound({ hops })).reasons.map((reason) => reason.code),
          [code],
        );
      }
    }
  });
});
