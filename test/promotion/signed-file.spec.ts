import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { signPromotion, verifyPromotion, type NamedText } from "../../lib/gates/consent/promotion-file.js";

function pair(type: "ed25519" | "rsa" = "ed25519"): { privateKey: NamedText; publicKey: NamedText } {
  const { privateKey, publicKey } =
    type === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    privateKey: { file: "a.key", text: privateKey.export({ type: "pkcs8", format: "pem" }).toString() },
    publicKey: { file: "a.pub", text: publicKey.export({ type: "spki", format: "pem" }).toString() },
  };
}

const promotion = {
  stage: "organization/palette/staging",
  edition: "palette" as const,
  method: "kubernetes" as const,
  clusterUid: "uid-of-staging",
  exportedAt: "2026-11-20T10:00:00.000Z",
  hops: [{ from: "4.6.41", to: "4.7.20", chartDigests: { hubble: "ab" }, verifiedAt: "2026-11-19T10:00:00.000Z" }],
};

/** Another letter of base64 for the same bits: the last four of an Ed25519 signature's last letter do not count. */
function rewriteLastLetter(letter: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return letters[letters.indexOf(letter) + 1]!;
}

const named = (text: string): NamedText => ({ file: "hops.json", text });

describe("signed file of verified hops", () => {
  const keys = pair();

  it("comes back as it was signed", () => {
    assert.deepEqual(verifyPromotion(named(signPromotion(promotion, keys.privateKey)), keys.publicKey), promotion);
  });

  it("is the same file however its keys are ordered", () => {
    const { signature, ...rest } = JSON.parse(signPromotion(promotion, keys.privateKey)) as Record<string, unknown>;
    const turned = JSON.stringify({ signature, ...Object.fromEntries(Object.entries(rest).reverse()) });
    assert.deepEqual(verifyPromotion(named(turned), keys.publicKey), promotion);
  });

  const refusals: {
    title: string;
    text: () => string;
    key?: () => NamedText;
    names: string;
    code: string;
    exitCode: number;
  }[] = [
    {
      title: "a changed time",
      text: () => signPromotion(promotion, keys.privateKey).replace("11-19", "11-18"),
      names: "hops.json",
      code: "PROMOTION_SIGNATURE",
      exitCode: 3,
    },
    {
      title: "another one's key",
      text: () => signPromotion(promotion, pair().privateKey),
      names: "hops.json",
      code: "PROMOTION_SIGNATURE",
      exitCode: 3,
    },
    {
      title: "an added field",
      text: () => signPromotion(promotion, keys.privateKey).replace("{", '{"x":1,'),
      names: "hops.json",
      code: "PROMOTION_FILE",
      exitCode: 2,
    },
    {
      title: "one for another purpose",
      text: () => signPromotion(promotion, keys.privateKey).replace("palette-upgrade promotion", "something else"),
      names: "purpose",
      code: "PROMOTION_FILE",
      exitCode: 2,
    },
    {
      title: "a stage without its organization",
      text: () => signPromotion({ ...promotion, stage: "staging" }, keys.privateKey),
      names: "stage",
      code: "PROMOTION_FILE",
      exitCode: 2,
    },
    {
      title: "a key among the charts' digests that hides from the schema",
      text: () => signPromotion(promotion, keys.privateKey).replace('"hubble"', '"__proto__": "cd", "hubble"'),
      names: "hops.json",
      code: "PROMOTION_SIGNATURE",
      exitCode: 3,
    },
    {
      title: "the same signature in other letters",
      text: () => signPromotion(promotion, keys.privateKey).replace(/.(?==="\n)/, rewriteLastLetter),
      names: "signature",
      code: "PROMOTION_FILE",
      exitCode: 2,
    },
    { title: "no JSON", text: () => "hello", names: "hops.json", code: "PROMOTION_FILE", exitCode: 2 },
    {
      title: "a key of another kind",
      text: () => signPromotion(promotion, keys.privateKey),
      key: () => ({ ...pair("rsa").publicKey, file: "other.pub" }),
      names: "other.pub",
      code: "PROMOTION_KEY",
      exitCode: 2,
    },
    {
      title: "text that is no key",
      text: () => signPromotion(promotion, keys.privateKey),
      key: () => ({ file: "other.pub", text: "planted" }),
      names: "other.pub",
      code: "PROMOTION_KEY",
      exitCode: 2,
    },
  ];
  for (const { title, text, key, names, code, exitCode } of refusals) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => verifyPromotion(named(text()), key?.() ?? keys.publicKey),
        (error: Error) => {
          assert.deepEqual([(error as never)["code"], (error as never)["exitCode"]], [code, exitCode], error.message);
          assert.ok(error.message.includes(names), error.message);
          assert.ok(!error.message.includes("planted"));
          return true;
        },
      );
    });
  }

  it("an older file is refused with how to export it anew", () => {
    const text = JSON.stringify({ schemaVersion: 1, stack: "staging", exportedAt: promotion.exportedAt, hops: [] });
    assert.throws(() => verifyPromotion(named(text), keys.publicKey), {
      code: "PROMOTION_FILE",
      message:
        "hops.json: The file of verified hops is of an older version of this tool and says neither of which stage, edition and method it is nor what it is for.",
      next: "Export it anew on the stage, with this version. Write it with: palette-upgrade promotion export --stack STAGE --key FILE",
    });
  });

  const howToMake =
    "Make a pair with: openssl genpkey -algorithm ed25519 -out promotion.key && openssl pkey -in promotion.key -pubout -out promotion.pub";

  it("does not sign with a key of another kind", () => {
    assert.throws(() => signPromotion(promotion, pair("rsa").privateKey), {
      code: "PROMOTION_KEY",
      message: "The private key of promotion a.key (--key) is rsa, not Ed25519.",
      next: howToMake,
    });
  });

  it("a public key of another kind: the setting that names it is told, and what to do", () => {
    assert.throws(() => verifyPromotion(named(signPromotion(promotion, keys.privateKey)), pair("rsa").publicKey), {
      code: "PROMOTION_KEY",
      message: "The public key of promotion a.pub (palette:promotion.key) is rsa, not Ed25519.",
      next: `Name the PEM file of the stage's public key in palette:promotion.key. ${howToMake}`,
    });
  });
});
