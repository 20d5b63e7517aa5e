import assert from "node:assert/strict";
import { resolveBucketAddress } from "../../lib/journal/bucket-address.js";
import { verifyChain } from "../../lib/journal/chain.js";
import { parseLocation, type JournalLocation } from "../../lib/journal/location.js";
import { openJournalStore, openJournal } from "../../lib/journal/open.js";
import { type Journal } from "../../lib/journal/types.js";
import { startBucket, type BucketServer } from "./bucket-server.js";
import { ana, note, tickingClock } from "./entries.js";

const keys = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "planted-bucket-secret" };

describe("journal in a bucket", () => {
  let server: BucketServer;
  beforeEach(async () => {
    server = await startBucket();
  });
  afterEach(() => server.stop());

  function open(): Promise<Journal> {
    return openJournal("s3://bucket/audit", {
      stack: "prod",
      actor: ana,
      clock: tickingClock(),
      environment: server.environment,
    });
  }

  it("keeps one object an entry, in order, over several runs and pages", async () => {
    const first = await open();
    for (const word of ["one", "two", "three"]) await first.append(note(word));
    assert.equal((await (await open()).append(note("four"))).sequence, 4);
    assert.deepEqual(
      [...server.objects.keys()].sort(),
      [1, 2, 3, 4].map((n) => `audit/prod/000000000${n}.json`),
    );
    const store = await openJournalStore("s3://bucket/audit", { stack: "prod", environment: server.environment });
    const { entries, fault } = verifyChain(await store.read());
    assert.deepEqual([entries.length, fault], [4, null]);
    assert.equal(store.where, "s3://bucket/audit/prod/");
  });

  it("two writers cannot fork the chain", async () => {
    const [one, other] = [await open(), await open()];
    await Promise.all([1, 2, 3, 4, 5].flatMap((n) => [one.append(note(`a${n}`)), other.append(note(`b${n}`))]));
    const store = await openJournalStore("s3://bucket/audit", { stack: "prod", environment: server.environment });
    const { entries, fault } = verifyChain(await store.read());
    assert.deepEqual([entries.length, fault], [10, null]);
  });

  it("an answer lost on its way is no second entry", async () => {
    const journal = await open();
    await journal.append(note("one"));
    let lost = 0;
    server.faults = [(method) => (method === "PUT" && lost++ === 0 ? "lost-answer" : null)];
    await assert.rejects(journal.append(note("two")), { code: "JOURNAL_UNWRITABLE" });
    assert.equal((await journal.append(note("three"))).sequence, 3);
  });

  it("an object changed in the middle refuses before anything is written, and names a new place", async () => {
    const journal = await open();
    const hashes: string[] = [];
    for (const word of ["one", "two", "three"]) hashes.push((await journal.append(note(word))).hash);
    const key = "audit/prod/0000000002.json";
    const whole = server.objects.get(key)!;
    server.objects.set(key, whole.replace("two", "2"));
    await assert.rejects(open(), {
      code: "JOURNAL_BROKEN",
      exitCode: 3,
      message: `The journal s3://bucket/audit/prod/ is broken at line 2: it is no entry, or was changed: ${JSON.stringify(`${whole.slice(0, 60)}…`)}.`,
      next: [
        `Nothing moves on a broken journal. Keep it is, as evidence, and note the last hash that holds, ${hashes[0]} (entry 1).`,
        `Leave its objects where they are, and name a new place: pulumi config set palette:journal s3://bucket/audit/after-${hashes[0]!.slice(0, 12)} --stack prod`,
        "Then run the same command again: it begins a new journal.",
      ].join("\n"),
    });
    assert.equal(server.objects.size, 3);
    server.objects.set(key, whole);
    assert.equal((await (await open()).append(note("four"))).sequence, 4, "the same journal, unchanged, goes on");
  });

  it("many entries are read in their order", async () => {
    const journal = await open();
    for (let n = 1; n <= 35; n += 1) await journal.append(note(String(n)));
    assert.deepEqual(
      (await (await open()).readEntries()).map(({ sequence }) => sequence),
      Array.from({ length: 35 }, (_, at) => at + 1),
    );
  });

  it("a store that overwrites although told not to is refused with the first entry", async () => {
    server.honoursConditions = false;
    await assert.rejects((await open()).append(note("one")), {
      code: "JOURNAL_UNWRITABLE",
      exitCode: 3,
      message: /overwrites objects although it was told not to \(If-None-Match\)/,
    });
  });

  it("a key that may not write is told without the key", async () => {
    server.faults = [(method) => (method === "PUT" ? 403 : null)];
    const error = await (await open()).append(note("one")).catch((thrown: unknown) => thrown as Error);
    assert.equal(
      (error as Error).message,
      "The journal in s3://bucket/audit cannot be used: the store answered 403 AccessDenied.",
    );
  });

  it("a wrong secret is told without the secret", async () => {
    server.environment.AWS_SECRET_ACCESS_KEY = "planted-wrong-secret";
    const error = (await open().catch((thrown: unknown) => thrown)) as Error;
    assert.match(error.message, /answered 403 SignatureDoesNotMatch/);
    assert.ok(!`${error.message}${error.stack}`.includes("planted"));
  });

  it("a store that does not answer refuses", async () => {
    const journal = await open();
    await server.stop();
    await assert.rejects(journal.append(note("one")), { code: "JOURNAL_UNWRITABLE", exitCode: 3 });
  });
});

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
      const address = resolveBucketAddress(bucketAt(location), "prod", { ...keys, ...environment });
      assert.deepEqual([address.bucketUrl, address.keyPrefix, address.isGoogle], [url, prefix, false]);
    });
  }

  it("Google's store is known by its host", () => {
    const environment = { ...keys, AWS_ENDPOINT_URL: "https://storage.googleapis.com" };
    assert.equal(resolveBucketAddress(bucketAt("s3://audit"), "prod", environment).isGoogle, true);
  });

  it("without keys it says which variables are missing", () => {
    assert.throws(() => resolveBucketAddress(bucketAt("s3://audit"), "prod", {}), {
      code: "JOURNAL_CREDENTIALS",
      exitCode: 2,
      message: "The journal lies in s3://audit, and no key to it was given.",
    });
  });
});
