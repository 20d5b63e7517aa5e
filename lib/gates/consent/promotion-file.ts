import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import * as z from "zod";
import { toCanonicalJson } from "../../base/text/canonical-json.js";
import { getErrorMessage, InvalidInputError, RefusedError } from "../../base/errors/errors.js";
import { editions, methods } from "../../planning/matrix/types.js";
import { isVersion } from "../../planning/version/version.js";

const version = z.string().refine(isVersion);
const bodySchema = z.strictObject({
  schemaVersion: z.literal(2),
  /** Keeps a signature from counting for anything else that is signed by the same key. */
  purpose: z.literal("palette-upgrade promotion"),
  /** The stack that proved them: organization/project/stack. */
  stage: z.string().regex(/^[^/]+\/[^/]+\/[^/]+$/),
  edition: z.enum(editions),
  method: z.enum(methods),
  /** UID of the namespace `kube-system` of its cluster. */
  clusterUid: z.string().min(1),
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
const fileSchema = bodySchema.extend({ signature: z.base64().refine(isCanonicalBase64) });

/** Hops that one stack has made and verified, so that another stack can require them. */
export type Promotion = Omit<z.output<typeof bodySchema>, "schemaVersion" | "purpose">;

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
  const body: z.output<typeof bodySchema> = { schemaVersion: 2, purpose: "palette-upgrade promotion", ...promotion };
  const key = readKey(() => createPrivateKey(privateKey.text), "private", privateKey.file);
  const signature = sign(null, Buffer.from(toCanonicalJson(body)), key).toString("base64");
  return `${JSON.stringify({ ...body, signature }, null, 2)}\n`;
}

/**
 * Parses a signed file. The signature is verified first.
 *
 * @throws RefusedError `PROMOTION_SIGNATURE`; InvalidInputError `PROMOTION_KEY`, `PROMOTION_FILE`.
 */
export function verifyPromotion({ file, text }: NamedText, publicKey: NamedText): Promotion {
  const content = parseJson(text);
  if (z.looseObject({ schemaVersion: z.literal(1) }).safeParse(content).success) throw createOldFileError(file);
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    const where = parsed.error.issues.map(({ path }) => path.join(".") || "the whole").join(", ");
    throw new InvalidInputError(
      "PROMOTION_FILE",
      `${file}: The file of verified hops is not what is expected at: ${where}.`,
      {
        next: howToExport,
      },
    );
  }
  const { signature, stage, edition, method, clusterUid, exportedAt, hops } = parsed.data;
  const key = readKey(() => createPublicKey(publicKey.text), "public", publicKey.file);
  // What stands in the file, with what the schema passes over (a key "__proto__").
  const signed = Buffer.from(toCanonicalJson(omitSignature(content as object)));
  if (!verify(null, signed, key, Buffer.from(signature, "base64"))) {
    throw new RefusedError(
      "PROMOTION_SIGNATURE",
      `${file}: The file of verified hops is not signed by the key of this stack.`,
      { next: "Export it again on the stage, with the private key that belongs to palette:promotion.key." },
    );
  }
  return { stage, edition, method, clusterUid, exportedAt, hops };
}

/** Of several ways to write the same bytes in base64 only one counts, so that nobody changes the file unnoticed. */
function isCanonicalBase64(text: string): boolean {
  return Buffer.from(text, "base64").toString("base64") === text;
}

function omitSignature(content: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(content).filter(([key]) => key !== "signature"));
}

const howToExport = "Write it with: palette-upgrade promotion export --stack STAGE --key FILE";

function createOldFileError(file: string): InvalidInputError {
  return new InvalidInputError(
    "PROMOTION_FILE",
    `${file}: The file of verified hops is of an older version of this tool and says neither of which stage, edition and method it is nor what it is for.`,
    { next: `Export it anew on the stage, with this version. ${howToExport}` },
  );
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
