import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseAnswer } from "../../../../lib/gates/mongo-replica-set/text/parse.js";
import { buildProbeCommand } from "../../../../lib/gates/mongo-replica-set/probe/probe-script.js";
import { asked } from "../../../fixtures/mongo/replica-set.js";
import { runWatched, type Watched } from "../../../support/watched-process.js";

const nonce = "a1b2c3d4e5f6";
const password = "planted'\"$`\\ legacy";
const fake = path.join(__dirname, "../../../fixtures/mongo/wire/legacy-shell.ts");

describe("the probe in an image without mongosh", function () {
  this.timeout(30_000);
  const work = mkdtempSync(path.join(tmpdir(), "palette-legacy-"));
  after(() => rmSync(work, { recursive: true }));

  before(() => {
    mkdirSync(path.join(work, "bin"));
    mkdirSync(path.join(work, "tls"));
    for (const name of ["ca.crt", "tls-combined.pem"]) writeFileSync(path.join(work, "tls", name), "");
    const tools = ["sh", "timeout", "mktemp", "rm", "mkdir"];
    for (const tool of tools) symlinkSync(whereIs(tool), path.join(work, "bin", tool));
    const shell = `#!/bin/sh\nexec '${process.execPath}' --require tsx/cjs '${fake}' "$@"\n`;
    writeFileSync(path.join(work, "bin", "mongo"), shell);
    chmodSync(path.join(work, "bin", "mongo"), 0o755);
  });

  /** Only what the folder holds is on PATH, so no mongosh; started in the checkout, where tsx is found. */
  const probe = (given: string, tls: string): Promise<Watched> =>
    runWatched(
      buildProbeCommand(nonce).map((part) => part.replaceAll("/var/mongodb/tls", tls)),
      {
        folder: path.join(__dirname, "../../../.."),
        environment: {
          PATH: path.join(work, "bin"),
          HOSTNAME: "mongo-0",
          MONGODB_INITDB_ROOT_USERNAME: "root",
          MONGODB_INITDB_ROOT_PASSWORD: given,
          LEGACY_USER: "root",
          LEGACY_PASSWORD: password,
        },
      },
    );

  it("uses the old shell, which reads the login from its own environment, and prints the same envelope", async () => {
    const run = await probe(password, "/none");
    const parsed = parseAnswer(run.stdout, nonce, asked);
    assert.ok(parsed.kind === "view", run.stdout + run.stderr);
    assert.deepEqual(
      [parsed.view.status.members?.length, parsed.view.config?.version, parsed.view.fcv?.version],
      [3, 5, "7.0"],
    );
    assert.equal(parsed.view.hello?.primary, "mongo-0.mongo.hubble-system.svc.cluster.local:27017");
    assert.deepEqual([...run.commandLines].filter((line) => line.includes(password)), []); // prettier-ignore
    assert.ok([...run.commandLines].some((line) => line.includes("legacy-shell.ts --quiet --norc --nodb")));
    assert.ok(!(run.stdout + run.stderr).includes(password));
  });

  it("gives it VerteX's certificates as options, since its script cannot", async () => {
    const tls = path.join(work, "tls");
    assert.match(
      (await probe(password, tls)).stdout,
      new RegExp(`--tls --tlsAllowInvalidHostnames --tlsCAFile ${tls}/ca.crt --tlsCertificateKeyFile ${tls}/tls-combined.pem`),
    ); // prettier-ignore
    assert.doesNotMatch((await probe(password, "/none")).stdout, /--tls/);
  });

  it("tells a refused login as such", async () => {
    const parsed = parseAnswer((await probe("wrong", "/none")).stdout, nonce, asked);
    assert.ok(parsed.kind === "view");
    assert.deepEqual([parsed.view.status.ok, parsed.view.status.code], [0, 18]);
  });
});

function whereIs(tool: string): string {
  const places = (process.env["PATH"] ?? "").split(path.delimiter).map((folder) => path.join(folder, tool));
  const first = places.find((file) => existsSync(file));
  assert.ok(first !== undefined, `${tool} is on PATH`);
  return first;
}
