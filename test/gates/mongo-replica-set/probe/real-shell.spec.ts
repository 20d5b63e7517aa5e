import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { judgeLive } from "../../../../lib/gates/mongo-replica-set/judge-live.js";
import { parseAnswer, type Parsed } from "../../../../lib/gates/mongo-replica-set/text/parse.js";
import { buildProbeCommand } from "../../../../lib/gates/mongo-replica-set/probe/probe-script.js";
import { defaultGateSettings } from "../../../../lib/settings/gate-settings.js";
import { asked } from "../../../fixtures/mongo/replica-set.js";
import { surroundingsOf } from "../../../fixtures/mongo/fake-site.js";
import { makeCertificates } from "../../../fixtures/mongo/wire/certificates.js";
import { startWireSet, type WireSet } from "../../../fixtures/mongo/wire/replica-set.js";
import { assertNoSecret, shellLimitMillis, useShellContainer, type Edition } from "../../../support/shell-container.js";
import type { Watched } from "../../../support/watched-process.js";

const nonce = "a1b2c3d4e5f6";

describe("the probe in the real mongosh, against a stand-in that speaks the wire protocol", function () {
  this.timeout(shellLimitMillis);
  const container = useShellContainer();
  let set: WireSet;

  beforeEach(async () => {
    set = await startWireSet();
  });
  afterEach(() => set.close());

  /** As in the container: not root, no home, its own environment, stdin open and never answered. */
  const probe = (
    index: number,
    options: { edition?: Edition; password?: string; tls?: string } = {},
  ): Promise<Watched> => {
    // prettier-ignore
    const { edition = "palette", password = set.password, tls = "/none" } = options;
    return container.run(buildProbeCommand(nonce), {
      member: set.members[index]!,
      user: set.user,
      password,
      edition,
      tls,
    });
  };
  const parsed = ({ stdout }: Watched): Parsed => parseAnswer(stdout, nonce, asked);

  it("asks every member and passes, with nothing secret on any list, and leaves nothing behind", async () => {
    const runs = await inTurn([0, 1, 2], (index) => probe(index));
    const answers = runs.map((run, index) => ({ pod: `mongo-${index}`, parsed: parsed(run) }));
    const verdict = judgeLive(
      { surroundings: surroundingsOf(), expectedMembers: 3, expectedSet: null, answers, findings: [] },
      structuredClone(defaultGateSettings),
      { resuming: false, secondsUnexpected: 0 },
    );
    assert.deepEqual([verdict.outcome, verdict.reasons], ["pass", []]);
    for (const run of runs) assertNoSecret(run, set.password);
    assert.deepEqual(runs.map(({ exitCode, stderr }) => [exitCode, stderr]), [[0, ""], [0, ""], [0, ""]]); // prettier-ignore
    assert.deepEqual(container.leftBehind(), []);
    assert.ok(set.members.every(({ applications }) => applications.some((name) => name.includes("palette-gate"))));
  });

  it("only ever asks, and writes nothing", async () => {
    await probe(0);
    const commands = new Set(set.members[0]!.asked.map((command) => Object.keys(command)[0]!.toLowerCase()));
    const reads = ["hello", "ismaster", "ping", "buildinfo", "endsessions", "replsetgetstatus", "replsetgetconfig"];
    const allowed = new Set([...reads, "getparameter", "serverstatus", "currentop", "aggregate", "getcmdlineopts"]);
    assert.deepEqual([...commands].filter((command) => !allowed.has(command)), []); // prettier-ignore
    assert.ok(commands.has("replsetgetstatus") && commands.has("replsetgetconfig") && commands.has("getparameter"));
  });

  it("tells a refused login by its code, and not the password", async () => {
    const run = await probe(1, { password: "planted/wrong@pass" });
    const answer = parsed(run);
    assert.ok(answer.kind === "view", run.stdout + run.stderr);
    assert.deepEqual([answer.view.status.ok, answer.view.status.code], [0, 18]);
    assertNoSecret(run, "planted/wrong@pass");
  });

  it("takes VerteX's names and its certificates, and is refused without them", async function () {
    const certificates = makeCertificates();
    if (certificates === null) {
      process.stdout.write("      (skipped: openssl is not on PATH, so no certificate can be made)\n");
      return this.skip();
    }
    await set.close();
    set = await startWireSet({ tls: certificates.server, size: 1 });
    execFileSync("chmod", ["-R", "a+rX", certificates.folder]);
    try {
      const good = parsed(await probe(0, { edition: "vertex", tls: certificates.folder }));
      assert.ok(good.kind === "view" && good.view.status.ok === 1, JSON.stringify(good));
      const plain = parsed(await probe(0, { edition: "vertex" }));
      assert.ok(plain.kind === "view" && plain.view.status.ok === 0);
    } finally {
      rmSync(certificates.folder, { recursive: true });
    }
  });

  it("is told apart where nothing listens, the server hangs up, or never answers", async () => {
    set.members[0]!.answers["replsetgetstatus"] = "drop";
    const dropped = parsed(await probe(0));
    assert.ok(dropped.kind === "view" && dropped.view.status.ok === 0 && dropped.view.config?.ok === 1);
    await set.members[1]!.close();
    const gone = parsed(await probe(1));
    assert.ok(gone.kind === "view" && gone.view.status.ok === 0 && gone.view.status.code === null);
  });
});

async function inTurn<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const done: Out[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}
