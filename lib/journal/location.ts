import { InvalidInputError } from "../base/errors/errors.js";
import { trimCharacter } from "../base/text/trim-character.js";

/** Where a journal is stored, as set by `palette:journal`. */
export type JournalLocation = { kind: "folder"; path: string } | { kind: "bucket"; bucket: string; folder: string };

export const defaultJournal = ".palette/journal";

/** At least two letters, because `C:` is a Windows drive. */
const schemePattern = /^([a-z][a-z0-9+.-]+):[\\/]*([^\\/].*)?$/i;
const bucketPattern = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

/**
 * Parses a folder or `s3://bucket/prefix`; empty means `.palette/journal`. Needs neither network nor keys. Pure.
 *
 * @throws InvalidInputError `JOURNAL_LOCATION` for a URL that is not a valid bucket.
 */
export function parseLocation(location: string): JournalLocation {
  const place = location === "" ? defaultJournal : location;
  const bucket = bucketPattern.exec(place);
  if (bucket !== null) {
    const [, name = "", path = ""] = bucket;
    return { kind: "bucket", bucket: name, folder: trimCharacter(path, "/") };
  }
  const scheme = schemePattern.exec(place);
  if (scheme === null) return { kind: "folder", path: place };
  const [, word = "", rest = ""] = scheme;
  throw word.toLowerCase() === "s3"
    ? createBucketError(place, rest)
    : createLocationError(place, word.toLowerCase(), rest);
}

function createBucketError(place: string, rest: string): InvalidInputError {
  const meant = `s3://${rest}`;
  return new InvalidInputError("JOURNAL_LOCATION", `palette:journal: "${place}" is no bucket.`, {
    next:
      meant !== place && bucketPattern.test(meant)
        ? `Write ${meant} if that bucket is meant; a folder of such a name is written ./${place}`
        : "Write s3://bucket/prefix (a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens); a store of your own is named by AWS_ENDPOINT_URL.",
  });
}

function createLocationError(place: string, word: string, rest: string): InvalidInputError {
  return new InvalidInputError(
    "JOURNAL_LOCATION",
    `palette:journal: "${place}" is no place a journal can be kept in.`,
    {
      next:
        suggestLocation(word, rest) ??
        "Name a folder or s3://bucket/prefix (any S3-compatible store, by AWS_ENDPOINT_URL).",
    },
  );
}

function suggestLocation(word: string, rest: string): string | null {
  if (rest === "") return null;
  if (word === "file") return `Name the folder itself: /${rest}`;
  if (word === "gs" && bucketPattern.test(`s3://${rest}`)) {
    return `Write s3://${rest}, with AWS_ENDPOINT_URL=https://storage.googleapis.com and an HMAC key of that bucket in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`;
  }
  if (word === "azblob") {
    return "Azure Blob Storage does not speak S3: name a folder on an Azure Files share that the machine mounts, or s3://bucket/prefix of a gateway before it (AWS_ENDPOINT_URL).";
  }
  return null;
}
