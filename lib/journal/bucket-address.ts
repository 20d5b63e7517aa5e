import { encodeFileName } from "../base/text/file-name.js";
import { InvalidInputError } from "../base/errors/errors.js";
import { type JournalLocation } from "./location.js";

/** Where the objects of one stack's journal are stored. */
export interface BucketAddress {
  /** URL of the bucket, without a slash at its end. */
  bucketUrl: string;
  /** Prefix of every object key; the number of the entry follows. */
  keyPrefix: string;
  region: string;
  /** Google Cloud Storage needs its own header instead of If-None-Match. */
  isGoogle: boolean;
  /** PEM file of a private CA. */
  caFile: string | undefined;
}

/**
 * Resolves the address of a bucket from its location and the standard AWS_* variables. Pure.
 *
 * @throws InvalidInputError `JOURNAL_LOCATION`.
 */
export function resolveBucketAddress(
  { bucket, folder }: Extract<JournalLocation, { kind: "bucket" }>,
  stack: string,
  environment: Readonly<Record<string, string | undefined>>,
): BucketAddress {
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || "us-east-1";
  const endpoint = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL || null;
  return {
    bucketUrl: endpoint === null ? createAmazonUrl(bucket, region) : `${parseEndpointUrl(endpoint)}/${bucket}`,
    keyPrefix: `${folder === "" ? "" : `${folder}/`}${encodeFileName(stack)}/`,
    region,
    isGoogle: endpoint !== null && new URL(endpoint).hostname.endsWith("storage.googleapis.com"),
    caFile: environment.AWS_CA_BUNDLE || undefined,
  };
}

/** A bucket name with a dot does not match the wildcard certificate, so it goes into the path. */
function createAmazonUrl(bucket: string, region: string): string {
  return bucket.includes(".")
    ? `https://s3.${region}.amazonaws.com/${bucket}`
    : `https://${bucket}.s3.${region}.amazonaws.com`;
}

const loopbackPattern = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function parseEndpointUrl(endpoint: string): string {
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    throw new InvalidInputError("JOURNAL_LOCATION", `AWS_ENDPOINT_URL: "${endpoint}" is no address.`, {
      next: "Write it whole, e.g. https://storage.googleapis.com",
    });
  }
  const { protocol, hostname } = new URL(endpoint);
  if (protocol === "http:" && !loopbackPattern.test(hostname)) {
    throw new InvalidInputError(
      "JOURNAL_LOCATION",
      `AWS_ENDPOINT_URL: "${endpoint}" is not encrypted: anybody on the way could read and change the journal.`,
      { next: "Give the store a certificate and write https://; http:// is accepted for this machine only." },
    );
  }
  return endpoint.replace(/(?<!\/)\/+$/, "");
}
