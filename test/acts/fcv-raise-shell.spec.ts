import assert from "node:assert/strict";
import { parseRaiseAnswer, createRaiseCommand, type RaiseAnswer } from "../../lib/acts/raise-script.js";
import { startWireSet, type WireSet } from "../fixtures/mongo/wire/replica-set.js";
import { assertNoSecret, shellLimitMillis, useShellContainer } from "../support/shell-container.js";
import type { Watched } from "../support/watched-process.js";

const nonce = "0123456789abcdef01234567";

describe("the raise in the real mongosh, against a stand-in that speaks the wire protocol", function () {
  this.timeout(shellLimitMillis);
  const container = useShellContainer();
  let set: WireSet;
  beforeEach(async () => {
    set = await startWireSet({ compatibility: "6.0" });
  });
  afterEach(() => set.close());

  const raise = async (
    index: number,
    { confirm = true, password = set.password } = {},
  ): Promise<{ run: Watched; answer: RaiseAnswer }> => {
    const about = { member: set.members[index]!, user: set.user, password };
    const run = await container.run(createRaiseCommand(nonce, "7.0", confirm), about);
    return { run, answer: parseRaiseAnswer(run.stdout, nonce) };
  };
  const setsOn = (index: number): unknown[] =>
    set.members[index]!.asked.filter((command) => "setFeatureCompatibilityVersion" in command);

  it("raises it on the primary, once, with nothing secret on any list, and leaves nothing behind", async () => {
    const { run, answer } = await raise(0);
    assert.deepEqual(answer, { ok: true, why: "" }, run.stdout + run.stderr);
    assert.deepEqual([run.exitCode, run.stderr], [0, ""]);
    assert.equal(set.compatibility, "7.0");
    assert.equal(set.raised.length, 1);
    const { setFeatureCompatibilityVersion: version, confirm } = set.raised[0]!;
    assert.deepEqual([version, confirm], ["7.0", true]);
    assertNoSecret(run, set.password);
    assert.deepEqual(container.leftBehind(), []);
  });

  it("is not even sent to a member that is not the primary", async () => {
    const { answer } = await raise(1);
    assert.deepEqual(answer, { ok: false, why: "NotWritablePrimary: this member is not the primary any more" });
    assert.deepEqual([setsOn(1), set.compatibility], [[], "6.0"]);
  });

  it("without the confirmation that the server wants, its words are told", async () => {
    const { answer } = await raise(0, { confirm: false });
    assert.deepEqual(answer, { ok: false, why: "Location7369100: Once you have upgraded, confirm: true" });
    assert.equal(set.compatibility, "6.0");
  });

  it("a refused login is told, and not the password", async () => {
    const { run, answer } = await raise(0, { password: "planted/wrong@pass" });
    assert.equal(answer.ok, false);
    assert.match(answer.why, /Authentication failed/);
    assertNoSecret(run, "planted/wrong@pass");
    assert.deepEqual([setsOn(0), set.compatibility], [[], "6.0"]);
  });

  it("a server that hangs up in the middle is no success, and its login is not reported", async () => {
    set.members[0]!.answers["setfeaturecompatibilityversion"] = "drop";
    const { run, answer } = await raise(0);
    assert.equal(answer.ok, false);
    assert.match(answer.why, /connection .* closed/i);
    assertNoSecret(run, set.password);
  });
});
