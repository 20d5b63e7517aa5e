import assert from "node:assert/strict";
import { resolveBucketAddress } from "../../lib/journal/bucket-address.js";
import { parseLocation, type JournalLocation } from "../../lib/journal/location.js";

function bucketAt(location: string): Extract<JournalLocation, { kind: "bucket" }> {
  const place = parseLocation(location);
  assert.ok(place.kind === "bucket", location);
  return place;
}

describe("bucket address", () => {
  const cases: { title: string; location: string; environment: Record<string, string>; url: string; prefix: string }[] =
    [
      {
        title: "Amazon by region",
        location: "s3://audit/palette/",
        environment: { AWS_REGION: "eu-central-1" },
        url: "https://audit.s3.eu-central-1.amazonaws.com",
        prefix: "palette/prod/",
      },
      {
        title: "a dot in the bucket's name",
        location: "s3://audit.example",
        environment: {},
        url: "https://s3.us-east-1.amazonaws.com/audit.example",
        prefix: "prod/",
      },
      {
        title: "a store of one's own",
        location: "s3://audit",
        environment: { AWS_ENDPOINT_URL: "https://minio.example/" },
        url: "https://minio.example/audit",
        prefix: "prod/",
      },
      {
        title: "the endpoint for S3 before the one for all",
        location: "s3://audit",
        environment: { AWS_ENDPOINT_URL: "https://a.example", AWS_ENDPOINT_URL_S3: "https://b.example" },
        url: "https://b.example/audit",
        prefix: "prod/",
      },
    ];
  for (const { title, location, environment, url, prefix } of cases) {
    it(title, () => {
      const address = resolveBucketAddress(bucketAt(location), "prod", environment);
      assert.deepEqual([address.bucketUrl, address.keyPrefix, address.isGoogle], [url, prefix, false]);
    });
  }

  it("Google's store is known by its host", () => {
    const environment = { AWS_ENDPOINT_URL: "https://storage.googleapis.com" };
    assert.equal(resolveBucketAddress(bucketAt("s3://audit"), "prod", environment).isGoogle, true);
  });

  const endpoints: [title: string, endpoint: string, refused: boolean][] = [
    ["this machine by name", "http://localhost:9000", false],
    ["this machine by IPv4", "http://127.0.0.1:9000/", false],
    ["this machine by IPv6", "http://[::1]:9000", false],
    ["another machine", "http://minio.example", true],
    ["a name that begins like this machine's", "http://127.0.0.1.example", true],
    ["a name that ends like this machine's", "http://not-localhost", true],
  ];
  for (const [title, endpoint, refused] of endpoints) {
    it(`http:// to ${title} is ${refused ? "refused" : "accepted"}`, () => {
      const resolve = (): unknown =>
        resolveBucketAddress(bucketAt("s3://audit"), "prod", { AWS_ENDPOINT_URL_S3: endpoint });
      if (!refused) return assert.doesNotThrow(resolve);
      assert.throws(resolve, {
        code: "JOURNAL_LOCATION",
        exitCode: 2,
        message: `AWS_ENDPOINT_URL: "${endpoint}" is not encrypted: anybody on the way could read and change the journal.`,
        next: "Give the store a certificate and write https://; http:// is accepted for this machine only.",
      });
    });
  }
});
