import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { judgeLive } from "../../../lib/gates/mongo-replica-set/judge-live.js";
import { parseAnswer, type Parsed } from "../../../lib/gates/mongo-replica-set/parse.js";
import { probeCommand } from "../../../lib/gates/mongo-replica-set/probe-script.js";
import { defaultGateSettings } from "../../../lib/stack/gate-settings.js";
import { asked } from "../../fixtures/mongo/replica-set.js";
import { surroundingsOf } from "../../fixtures/mongo/fake-site.js";
import { makeCertificates } from "../../fixtures/mongo/wire/certificates.js";
import { startWireSet, type WireSet } from "../../fixtures/mongo/wire/replica-set.js";
import { findMongosh, mongoshTimeoutMillis } from "../../support/real-mongosh.js";
import { runWatched, type Watched } from "../../support/watched-process.js";

const nonce = "a1b2c3d4e5f6";
const nobody = 65534;
const runLimitMillis = 60_000;
const names = {
  palette: { user: "MONGO_INITDB_ROOT_USERNAME", password: "MONGO_INITDB_ROOT_PASSWORD" },
  vertex: { user: "MONGODB_INITDB_ROOT_USERNAME", password: "MONGODB_INITDB_ROOT_PASSWORD" },
};

describe("the probe in the real mongosh, against a stand-in that speaks the wire protocol", function () {
  this.timeout(runLimitMillis);
  let shell = "";
  let work = "";
  let set: WireSet;

  before(function () {
    this.timeout(mongoshTimeoutMillis);
    const found = findMongosh();
    if ("missing" in found) {
      process.stdout.write(`      (skipped: ${found.missing})\n`);
      return this.skip();
    }
    work = mkdtempSync(path.join(tmpdir(), "palette-shell-"));
    shell = found.folder;
    if (process.getuid?.() === 0) shell = forNobody(found.folder, work);
    for (const each of ["", "tmp"]) openToAll(path.join(work, each));
  });
  after(() => work !== "" && rmSync(work, { recursive: true, force: true }));
  beforeEach(async () => {
    set = await startWireSet();
  });
  afterEach(() => set.close());

  /** As in the container: not root, no home, its own environment, stdin open and never answered. */
  const probe = (
    index: number,
    options: { edition?: keyof typeof names; password?: string; tls?: string } = {},
  ): Promise<Watched> => {
    // prettier-ignore
    const { edition = "palette", password = set.password, tls = "/none" } = options;
    const { host, port } = set.members[index]!;
    const command = probeCommand(nonce).map((part) =>
      part.replaceAll("/var/mongodb/tls", tls).replace('":27017"', `":${port}"`),
    );
    const environment = {
      PATH: `${shell}:${path.dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: "/",
      TMPDIR: path.join(work, "tmp"),
      HOSTNAME: host,
      // Coverage would be written by a user who may not.
      NODE_V8_COVERAGE: "",
      [names[edition].user]: set.user,
      [names[edition].password]: password,
    };
    const user = process.getuid?.() === 0 ? { user: nobody } : {};
    return runWatched(command, { environment, folder: "/", ...user });
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
    assert.deepEqual(readdirSync(path.join(work, "tmp")), []);
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

  function assertNoSecret(run: Watched, secret: string): void {
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
    const own = new Set(Object.values(names).map(({ password }) => `${password}=${secret}`));
    for (const form of forms) {
      const holds = (text: string): boolean => text.includes(form);
      assert.ok(!holds(run.stdout) && !holds(run.stderr), "in what it printed");
      assert.deepEqual([...run.commandLines].filter(holds), [], "on a command line");
      assert.deepEqual([...run.environment].filter((entry) => holds(entry) && !own.has(entry)), [], "in a new entry"); // prettier-ignore
    }
    assert.ok(
      [...run.commandLines].some((line) => line.includes("mongosh")),
      "its command line was seen",
    );
    assert.ok(
      [...run.environment].some((entry) => own.has(entry)),
      "its environment was seen",
    );
  }
});

async function inTurn<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const done: Out[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}

/** A copy that an account without rights can run; by links where that is possible. */
function forNobody(folder: string, work: string): string {
  const modules = path.dirname(folder);
  if (path.basename(folder) !== ".bin" || readable(folder)) return folder;
  const target = path.join(work, "shell", "node_modules");
  mkdirSync(path.dirname(target), { recursive: true });
  try {
    execFileSync("cp", ["-al", modules, target], { stdio: "ignore" });
  } catch {
    execFileSync("cp", ["-a", modules, target], { stdio: "ignore" });
  }
  openToAll(path.dirname(target));
  return path.join(target, ".bin");
}

/** Whether every folder on the way may be entered by all. */
function readable(folder: string): boolean {
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) {
    if ((statSync(at).mode & 0o005) !== 0o005) return false;
  }
  return true;
}

function openToAll(folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync("chmod", ["a+rwx", folder]);
}
