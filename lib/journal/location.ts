import { InvalidInputError } from "../errors.js";

/** Where a journal is kept, as `palette:journal` names it. */
export type JournalLocation = { kind: "folder"; path: string } | { kind: "bucket"; bucket: string; folder: string };

export const defaultJournal = ".palette/journal";

/** Two letters at least: `C:` is a drive of Windows. */
const schemePattern = /^([a-z][a-z0-9+.-]+):[\\/]*(.*)$/i;
const bucketPattern = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

/**
 * A folder, or `s3://bucket/prefix`; empty means `.palette/journal`. Needs neither network nor keys. Pure.
 *
 * @throws InvalidInputError `JOURNAL_LOCATION` for what looks like an address and is no bucket.
 */
export function parseLocation(location: string): JournalLocation {
  const place = location === "" ? defaultJournal : location;
  const bucket = bucketPattern.exec(place);
  if (bucket !== null) {
    const [, name = "", path = ""] = bucket;
    return { kind: "bucket", bucket: name, folder: path.replace(/^\/+|\/+$/g, "") };
  }
  const scheme = schemePattern.exec(place);
  if (scheme === null) return { kind: "folder", path: place };
  const [, word = "", rest = ""] = scheme;
  throw word.toLowerCase() === "s3" ? noBucket(place, rest) : noPlace(place, word.toLowerCase(), rest);
}

function noBucket(place: string, rest: string): InvalidInputError {
  const meant = `s3://${rest}`;
  return new InvalidInputError("JOURNAL_LOCATION", `palette:journal: "${place}" is no bucket.`, {
    next:
      meant !== place && bucketPattern.test(meant)
        ? `Write ${meant} if that bucket is meant; a folder of such a name is written ./${place}`
        : "Write s3://bucket/prefix (a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens); a store of your own is named by AWS_ENDPOINT_URL.",
  });
}

function noPlace(place: string, word: string, rest: string): InvalidInputError {
  return new InvalidInputError(
    "JOURNAL_LOCATION",
    `palette:journal: "${place}" is no place a journal can be kept in.`,
    {
      next:
        placeMeant(word, rest) ?? "Name a folder or s3://bucket/prefix (any S3-compatible store, by AWS_ENDPOINT_URL).",
    },
  );
}

function placeMeant(word: string, rest: string): string | null {
  if (rest === "") return null;
  if (word === "file") return `Name the folder itself: /${rest}`;
  if (word === "gs" && bucketPattern.test(`s3://${rest}`)) {
    return `Write s3://${rest}, with AWS_ENDPOINT_URL=https://storage.googleapis.com and an HMAC key of that bucket in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`;
  }
  return null;
}
