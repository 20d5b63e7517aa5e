import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { z } from "zod";
import { toCanonicalJson } from "../../base/text/canonical-json.js";
import { getErrorMessage, InvalidInputError, RefusedError } from "../../base/errors/errors.js";
import { type PromotedHop } from "../verdict/types.js";
import { isVersion } from "../../planning/version/version.js";

const version = z.string().refine(isVersion);
const bodySchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** The stack that proved them. */
  stack: z.string().min(1),
  exportedAt: z.iso.datetime(),
  hops: z.array(
    z.strictObject({
      from: version,
      to: version,
      chartDigests: z.record(z.string(), z.string()),
      verifiedAt: z.iso.datetime(),
    }),
  ),
});
const fileSchema = bodySchema.extend({ signature: z.base64() });

/** Hops that one stack has made and verified, so that another stack can require them. */
interface Promotion {
  stack: string;
  /** ISO 8601. */
  exportedAt: string;
  hops: PromotedHop[];
}

/** The text of a file with its path, for errors. */
export interface NamedText {
  file: string;
  text: string;
}

/**
 * Creates the file of `promotion export`: JSON with an Ed25519 signature over the canonical JSON of all else.
 *
 * @throws InvalidInputError `PROMOTION_KEY` for a key that cannot sign.
 */
export function signPromotion(promotion: Promotion, privateKey: NamedText): string {
  const body = { schemaVersion: 1 as const, ...promotion };
  const key = readKey(() => createPrivateKey(privateKey.text), "private", privateKey.file);
  const signature = sign(null, Buffer.from(toCanonicalJson(body)), key).toString("base64");
  return `${JSON.stringify({ ...body, signature }, null, 2)}\n`;
}

/**
 * Parses a signed file and returns its hops. The signature is verified first.
 *
 * @throws RefusedError `PROMOTION_SIGNATURE`; InvalidInputError `PROMOTION_KEY`, `PROMOTION_FILE`.
 */
export function verifyPromotion({ file, text }: NamedText, publicKey: NamedText): Promotion {
  const parsed = fileSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const where = parsed.error.issues.map(({ path }) => path.join(".") || "the whole").join(", ");
    throw new InvalidInputError(
      "PROMOTION_FILE",
      `${file}: The file of verified hops is not what is expected at: ${where}.`,
      {
        next: "Write it with: palette-upgrade promotion export --stack STAGE --key FILE",
      },
    );
  }
  const { signature, ...body } = parsed.data;
  const key = readKey(() => createPublicKey(publicKey.text), "public", publicKey.file);
  if (!verify(null, Buffer.from(toCanonicalJson(body)), key, Buffer.from(signature, "base64"))) {
    throw new RefusedError(
      "PROMOTION_SIGNATURE",
      `${file}: The file of verified hops is not signed by the key of this stack.`,
      { next: "Export it again on the stage, with the private key that belongs to palette:promotion.key." },
    );
  }
  return { stack: body.stack, exportedAt: body.exportedAt, hops: body.hops };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reads a key; the error of an unreadable key reveals nothing of its content. */
function readKey(read: () => KeyObject, kind: "private" | "public", file: string): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (error) {
    throw createKeyError(
      kind,
      file,
      `cannot be read (${(error as NodeJS.ErrnoException).code ?? getErrorMessage(error)})`,
      error,
    );
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw createKeyError(kind, file, `is ${key.asymmetricKeyType ?? "of another kind"}, not Ed25519`);
}

function createKeyError(kind: string, file: string, what: string, cause?: unknown): InvalidInputError {
  const setting = kind === "public" ? "palette:promotion.key" : "--key";
  const name = kind === "public" ? "Name the PEM file of the stage's public key in palette:promotion.key. " : "";
  return new InvalidInputError("PROMOTION_KEY", `The ${kind} key of promotion ${file} (${setting}) ${what}.`, {
    next: `${name}Make a pair with: openssl genpkey -algorithm ed25519 -out promotion.key && openssl pkey -in promotion.key -pubout -out promotion.pub`,
    cause,
  });
}
