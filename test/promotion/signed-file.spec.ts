import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { signPromotion, verifyPromotion } from "../../lib/gates/consent/promotion-file.js";

function pair(type: "ed25519" | "rsa" = "ed25519"): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } =
    type === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

const promotion = {
  stack: "organization/palette/staging",
  exportedAt: "2026-11-20T10:00:00.000Z",
  hops: [{ from: "4.6.41", to: "4.7.20", chartDigests: { hubble: "ab" }, verifiedAt: "2026-11-19T10:00:00.000Z" }],
};

describe("signed file of verified hops", () => {
  const keys = pair();

  it("comes back as it was signed", () => {
    assert.deepEqual(verifyPromotion(signPromotion(promotion, keys.privateKey), keys.publicKey), promotion);
  });

  it("is the same file however its keys are ordered", () => {
    const { signature, ...rest } = JSON.parse(signPromotion(promotion, keys.privateKey)) as Record<string, unknown>;
    const turned = JSON.stringify({ signature, ...Object.fromEntries(Object.entries(rest).reverse()) });
    assert.deepEqual(verifyPromotion(turned, keys.publicKey), promotion);
  });

  const refusals: { title: string; text: () => string; key?: () => string; code: string; exitCode: number }[] = [
    {
      title: "a changed time",
      text: () => signPromotion(promotion, keys.privateKey).replace("11-19", "11-18"),
      code: "PROMOTION_SIGNATURE",
      exitCode: 3,
    },
    {
      title: "another one's key",
      text: () => signPromotion(promotion, pair().privateKey),
      code: "PROMOTION_SIGNATURE",
      exitCode: 3,
    },
    {
      title: "an added field",
      text: () => signPromotion(promotion, keys.privateKey).replace("{", '{"x":1,'),
      code: "PROMOTION_FILE",
      exitCode: 2,
    },
    { title: "no JSON", text: () => "hello", code: "PROMOTION_FILE", exitCode: 2 },
    {
      title: "a key of another kind",
      text: () => signPromotion(promotion, keys.privateKey),
      key: () => pair("rsa").publicKey,
      code: "PROMOTION_KEY",
      exitCode: 2,
    },
    {
      title: "text that is no key",
      text: () => signPromotion(promotion, keys.privateKey),
      key: () => "planted",
      code: "PROMOTION_KEY",
      exitCode: 2,
    },
  ];
  for (const { title, text, key, code, exitCode } of refusals) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => verifyPromotion(text(), key?.() ?? keys.publicKey),
        (error: Error) => {
          assert.deepEqual([(error as never)["code"], (error as never)["exitCode"]], [code, exitCode], error.message);
          assert.ok(!error.message.includes("planted"));
          return true;
        },
      );
    });
  }

  const howToMake =
    "Make a pair with: openssl genpkey -algorithm ed25519 -out promotion.key && openssl pkey -in promotion.key -pubout -out promotion.pub";

  it("does not sign with a key of another kind", () => {
    assert.throws(() => signPromotion(promotion, pair("rsa").privateKey), {
      code: "PROMOTION_KEY",
      message: "The private key of promotion is rsa, not Ed25519.",
      next: howToMake,
    });
  });

  it("a public key of another kind: the setting that names it is told, and what to do", () => {
    assert.throws(() => verifyPromotion(signPromotion(promotion, keys.privateKey), pair("rsa").publicKey), {
      code: "PROMOTION_KEY",
      message: "The public key of promotion (palette:promotion.key) is rsa, not Ed25519.",
      next: `Name the PEM file of the stage's public key in palette:promotion.key. ${howToMake}`,
    });
  });
});
