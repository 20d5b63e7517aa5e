import { InvalidInputError } from "../base/errors/errors.js";
import { type JournalLocation } from "./location.js";

/** Where the objects of one stack's journal are stored, and the credentials for the bucket. */
export interface BucketAddress {
  /** URL of the bucket, without a slash at its end. */
  bucketUrl: string;
  /** Prefix of every object key; the number of the entry follows. */
  keyPrefix: string;
  region: string;
  /** Google Cloud Storage needs its own header instead of If-None-Match. */
  isGoogle: boolean;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string | undefined };
  /** PEM file of a private CA. */
  caFile: string | undefined;
}

/**
 * Resolves the address of a bucket from its location and the standard AWS_* variables. Pure.
 *
 * @throws InvalidInputError `JOURNAL_LOCATION`, `JOURNAL_CREDENTIALS`.
 */
export function resolveBucketAddress(
  { bucket, folder }: Extract<JournalLocation, { kind: "bucket" }>,
  stack: string,
  environment: Readonly<Record<string, string | undefined>>,
): BucketAddress {
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = environment;
  if (accessKeyId === "" || secretAccessKey === "") {
    throw new InvalidInputError(
      "JOURNAL_CREDENTIALS",
      `The journal lies in s3://${bucket}${folder === "" ? "" : `/${folder}`}, and no key to it was given.`,
      {
        next: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL where needed).",
      },
    );
  }
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || "us-east-1";
  const endpoint = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL || null;
  return {
    bucketUrl: endpoint === null ? createAmazonUrl(bucket, region) : `${parseEndpointUrl(endpoint)}/${bucket}`,
    keyPrefix: `${folder === "" ? "" : `${folder}/`}${encodeURIComponent(stack)}/`,
    region,
    isGoogle: endpoint !== null && new URL(endpoint).hostname.endsWith("storage.googleapis.com"),
    credentials: { accessKeyId, secretAccessKey, sessionToken: environment.AWS_SESSION_TOKEN || undefined },
    caFile: environment.AWS_CA_BUNDLE || undefined,
  };
}

/** A bucket name with a dot does not match the wildcard certificate, so it goes into the path. */
function createAmazonUrl(bucket: string, region: string): string {
  return bucket.includes(".")
    ? `https://s3.${region}.amazonaws.com/${bucket}`
    : `https://${bucket}.s3.${region}.amazonaws.com`;
}

function parseEndpointUrl(endpoint: string): string {
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    throw new InvalidInputError("JOURNAL_LOCATION", `AWS_ENDPOINT_URL: "${endpoint}" is no address.`, {
      next: "Write it whole, e.g. https://storage.googleapis.com",
    });
  }
  return endpoint.replace(/\/+$/, "");
}
