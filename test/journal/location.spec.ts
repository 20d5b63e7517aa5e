import assert from "node:assert/strict";
import { parseLocation, type JournalLocation } from "../../lib/journal/location.js";

const bucketRule =
  "Write s3://bucket/prefix (a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens); a store of your own is named by AWS_ENDPOINT_URL.";
const azure =
  "Azure Blob Storage does not speak S3: name a folder on an Azure Files share that the machine mounts, or s3://bucket/prefix of a gateway before it (AWS_ENDPOINT_URL).";
const anyPlace = "Name a folder or s3://bucket/prefix (any S3-compatible store, by AWS_ENDPOINT_URL).";

describe("where a journal is kept", () => {
  const places: [title: string, location: string, place: JournalLocation][] = [
    ["nothing: the default", "", { kind: "folder", path: ".palette/journal" }],
    ["a folder", "audit/palette", { kind: "folder", path: "audit/palette" }],
    ["a folder from the root", "/var/audit", { kind: "folder", path: "/var/audit" }],
    ["a drive of Windows", "C:\\audit", { kind: "folder", path: "C:\\audit" }],
    ["a drive of Windows, with a slash", "c:/audit", { kind: "folder", path: "c:/audit" }],
    ["a folder with a colon, said to be one", "./s3:/bucket", { kind: "folder", path: "./s3:/bucket" }],
    ["a colon further back", "audit/2026:11", { kind: "folder", path: "audit/2026:11" }],
    ["a bucket", "s3://audit", { kind: "bucket", bucket: "audit", folder: "" }],
    ["a bucket with a prefix", "s3://audit/a/b/", { kind: "bucket", bucket: "audit", folder: "a/b" }],
  ];
  for (const [title, location, place] of places) {
    it(`${title}: "${location}"`, () => assert.deepEqual(parseLocation(location), place));
  }

  const noBucket = "is no bucket.";
  const noPlace = "is no place a journal can be kept in.";
  const hmac =
    "Write s3://audit/x, with AWS_ENDPOINT_URL=https://storage.googleapis.com and an HMAC key of that bucket in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.";
  const meant = (written: string, place: string): string =>
    `Write ${written} if that bucket is meant; a folder of such a name is written ./${place}`;
  const refused: [location: string, is: string, next: string][] = [
    ["s3:/bucket/x", noBucket, meant("s3://bucket/x", "s3:/bucket/x")],
    ["s3:bucket/x", noBucket, meant("s3://bucket/x", "s3:bucket/x")],
    ["s3:///bucket/x", noBucket, meant("s3://bucket/x", "s3:///bucket/x")],
    ["S3://bucket/x", noBucket, meant("s3://bucket/x", "S3://bucket/x")],
    ["s3:\\bucket", noBucket, meant("s3://bucket", "s3:\\bucket")],
    ["s3://", noBucket, bucketRule],
    ["s3://A", noBucket, bucketRule],
    ["s3:///../y", noBucket, bucketRule],
    ["gs://audit/x", noPlace, hmac],
    ["gs://A", noPlace, anyPlace],
    ["file:///var/audit", noPlace, "Name the folder itself: /var/audit"],
    ["https://host/x", noPlace, anyPlace],
    ["azblob://audit", noPlace, azure],
    ["audit:x/y", noPlace, anyPlace],
  ];
  for (const [location, is, next] of refused) {
    it(`"${location}" ${is}`, () => {
      assert.throws(() => parseLocation(location), {
        code: "JOURNAL_LOCATION",
        exitCode: 2,
        message: `palette:journal: "${location}" ${is}`,
        next,
      });
    });
  }
});
