import fc from "fast-check";
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { encodeHelmSecret } from "../../../packages/rehearsal/lib/helm-storage.js";
import {
  computeValuesDigest,
  decodeHelmRecord,
  type HelmRecord,
  toHelmRevision,
} from "../../../lib/site/helm/records.js";

const record: HelmRecord = {
  name: "hubble",
  namespace: "default",
  version: 7,
  info: { status: "deployed", last_deployed: "2026-01-01T10:00:00.123456789+02:00", description: "Palette 4.6.41" },
  chart: { metadata: { name: "spectro-mgmt-plane", version: "4.6.41", appVersion: "4.6.41" } },
  config: { mongo: { databasePassword: "planted-password" } },
};

function stored(bytes: Buffer | string): string {
  return Buffer.from(Buffer.from(bytes).toString("base64")).toString("base64");
}

function zipped(value: unknown): string {
  return stored(gzipSync(JSON.stringify(value)));
}

function decode(release: string | undefined): HelmRecord {
  return decodeHelmRecord({ name: "sh.helm.release.v1.hubble.v7", namespace: "default", release });
}

describe("Helm's release records", () => {
  it("are read as Helm writes them, and as it wrote them before it compressed", () => {
    assert.deepEqual(decode(zipped(record)), record);
    assert.deepEqual(decode(stored(JSON.stringify(record))), record);
  });

  it("a revision shows no value", () => {
    const revision = toHelmRevision(record);
    assert.deepEqual(revision, {
      name: "hubble",
      namespace: "default",
      revision: 7,
      status: "deployed",
      chart: "spectro-mgmt-plane",
      chartVersion: "4.6.41",
      appVersion: "4.6.41",
      description: "Palette 4.6.41",
      lastDeployed: "2026-01-01T08:00:00.123Z",
      valuesDigest: computeValuesDigest(record.config!),
    });
    assert.ok(!JSON.stringify(revision).includes("planted"));
  });

  const corrupt: [title: string, release: string | undefined, why: string][] = [
    ["no release", undefined, "it has no key release"],
    ["no base64", "%%%", "it cannot be unpacked"],
    ["cut in the middle", zipped(record).slice(0, 60), "it cannot be unpacked"],
    ["no JSON", stored(gzipSync("planted-password")), "it cannot be unpacked"],
    ["nothing", zipped(null), "name is missing or of another kind"],
    [
      "a status that Helm has not",
      zipped({ ...record, info: { ...record.info, status: "fine" } }),
      "info.status is missing or of another kind",
    ],
    [
      "no time",
      zipped({ ...record, info: { status: "deployed" } }),
      "info.last_deployed is missing or of another kind",
    ],
    ["no chart", zipped({ ...record, chart: {} }), "chart.metadata is missing or of another kind"],
    ["a revision in words", zipped({ ...record, version: "7" }), "version is missing or of another kind"],
  ];
  for (const [title, release, why] of corrupt) {
    it(`${title}: refused by name, content unsaid`, () => {
      assert.throws(
        () => decode(release),
        (thrown: unknown) => {
          assert.ok(thrown instanceof SiteError && thrown.kind === "malformed");
          assert.equal(
            thrown.message,
            `Helm's release record default/sh.helm.release.v1.hubble.v7 cannot be read: ${why}.`,
          );
          assert.ok(!`${thrown.stack} ${String(thrown.cause)}`.includes("planted"));
          return true;
        },
      );
    });
  }

  it("property: what is encoded is decoded to the same record", () => {
    const values = fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 500 }), (config, version) => {
        const written = JSON.parse(JSON.stringify({ ...record, config, version })) as HelmRecord;
        const secret = encodeHelmSecret(written, "2026-01-01T00:00:00Z");
        assert.deepEqual(decode(secret.data["release"]), written);
        assert.deepEqual(secret.metadata.labels["version"], String(version));
      }),
    );
  });

  it("the digest is that of the values, not of how they are written", () => {
    const digest = computeValuesDigest({ a: 1, b: { c: [1, 2], d: null } });
    assert.equal(computeValuesDigest({ b: { d: null, c: [1, 2] }, a: 1 }), digest);
    for (const other of [{ a: 1 }, { a: "1", b: { c: [1, 2], d: null } }, { a: 1, b: { c: [2, 1], d: null } }]) {
      assert.notEqual(computeValuesDigest(other), digest);
    }
  });
});
