import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { exportPromotion } from "../../lib/cli/promotion-command.js";
import { type StackShell } from "../../lib/cli/stack-session.js";
import { verifyPromotion } from "../../lib/gates/consent/promotion-file.js";
import { folderOfTest } from "../journal/folder-of-test.js";
import { tickingClock } from "../journal/entries.js";

const hop = {
  from: "4.6.41",
  to: "4.7.20",
  matrix: "palette-kubernetes-4.7.20",
  matrixSha256: "ab",
  chartDigests: { hubble: "ef" },
  verifiedAt: "2026-11-19T10:00:00.000Z",
};

describe("promotion export", () => {
  const folder = folderOfTest();
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();

  function shell(outputs: Record<string, unknown>): StackShell {
    const config = {
      "palette:target": "4.7.20",
      "palette:matrix": "palette-kubernetes-4.7.20",
      "palette:clusterIdentifier": "staging",
    };
    const engine = { outputs: () => Promise.resolve(outputs) } as never;
    return {
      openStack: (name) =>
        Promise.resolve({
          name,
          fullName: () => Promise.resolve(`organization/palette/${name}`),
          projectDir: folder.path(),
          engine,
          config: () => Promise.resolve({ values: config, secretKeys: [] }),
          readOutputsOf: () => Promise.reject(new Error("asked")),
          lockHolder: () => Promise.resolve(null),
          state: null,
        }),
      environment: {},
      clock: tickingClock("2026-11-20T10:00:00.000Z"),
      host: "desk",
      say: () => undefined,
    };
  }

  function key(mode = 0o600): string {
    const file = folder.path("key.pem");
    writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }));
    chmodSync(file, mode);
    return file;
  }

  it("writes what the stack has verified, charts included, signed", async () => {
    const out = folder.path("hops.json");
    const { text, exitCode } = await exportPromotion(
      { stack: "staging", key: key(), out },
      shell({ clusterUid: "uid-1", verifiedHops: [hop] }),
    );
    assert.deepEqual([text, exitCode], [`${out}: 1 verified hop of staging, signed.`, 0]);
    assert.deepEqual(
      verifyPromotion({ file: out, text: readFileSync(out, "utf8") }, { file: "a.pub", text: publicPem }),
      {
        stage: "organization/palette/staging",
        edition: "palette",
        method: "kubernetes",
        clusterUid: "uid-1",
        exportedAt: "2026-11-20T10:00:01.000Z",
        hops: [
          { from: "4.6.41", to: "4.7.20", chartDigests: { hubble: "ef" }, verifiedAt: "2026-11-19T10:00:00.000Z" },
        ],
      },
    );
  });

  it("to stdout without --out", async () => {
    const { text } = await exportPromotion(
      { stack: "staging", key: key() },
      shell({ clusterUid: "uid-1", verifiedHops: [hop, { ...hop, from: "4.6.36", to: "4.6.41" }] }),
    );
    assert.equal(verifyPromotion({ file: "stdout", text }, { file: "a.pub", text: publicPem }).hops.length, 2);
  });

  const refusals: {
    title: string;
    outputs: Record<string, unknown>;
    key: () => string;
    code: string;
    exitCode: number;
  }[] = [
    { title: "a stack that has verified nothing", outputs: {}, key, code: "NOTHING_VERIFIED", exitCode: 3 },
    {
      title: "a key that others can read",
      outputs: { clusterUid: "uid-1", verifiedHops: [hop] },
      key: () => key(0o644),
      code: "PROMOTION_KEY",
      exitCode: 2,
    },
    {
      title: "a key that is not there",
      outputs: { clusterUid: "uid-1", verifiedHops: [hop] },
      key: () => folder.path("none"),
      code: "PROMOTION_KEY",
      exitCode: 2,
    },
  ];
  for (const { title, outputs, key, code, exitCode } of refusals) {
    it(`refuses ${title}`, async () => {
      await assert.rejects(exportPromotion({ stack: "staging", key: key() }, shell(outputs)), { code, exitCode });
    });
  }
});
