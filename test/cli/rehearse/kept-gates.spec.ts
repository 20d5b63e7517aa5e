import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { findPackageRoot } from "../../../lib/base/process/package-root.js";
import { keepGates, type KeptGates } from "../../../lib/cli/rehearse/kept-gates.js";
import { formatGateCommand } from "../../../lib/program/stack/gate-command-text.js";
import { formatGateSettings } from "../../../lib/settings/gate-settings.js";
import {
  defaultInterpreter,
  runShell,
  type ShellRequest,
  type ShellResult,
} from "../../../packages/rehearsal/lib/engine/providers/shell.js";
import type { FaultName, RunningSite } from "../../../packages/rehearsal/lib/types.js";
import {
  type Rehearsed,
  startSite,
  stopSites,
  temporaryFolder,
} from "../../../packages/rehearsal/test/site/running.js";

const projectDir = findPackageRoot();

describe("gates of a rehearsal, in one process that is kept", function () {
  this.timeout(60_000);
  let rehearsed: Rehearsed;
  let site: RunningSite;
  let gates: KeptGates;
  beforeEach(async () => {
    rehearsed = await startSite({ version: "4.6.41" });
    site = rehearsed.running;
    gates = keepGates(projectDir);
  });
  afterEach(async () => {
    gates.stop();
    await stopSites();
  });

  function createRequest(change: Partial<ShellRequest> = {}, environment: NodeJS.ProcessEnv = {}): ShellRequest {
    const settings = formatGateSettings({
      ...rehearsed.settings,
      clusterUid: site.clusterUid,
      mongo: { ...rehearsed.settings.mongo, deadlineSeconds: 60 },
      tenants: [],
    });
    return {
      command: formatGateCommand("mongo-replica-set"),
      interpreter: defaultInterpreter,
      cwd: projectDir,
      environment: {
        ...process.env,
        ...site.environment,
        ...{ TO: "4.7.20", PHASE: "before", PALETTE_GATE_SETTINGS: settings },
        ...environment,
      },
      stdin: null,
      signal: new AbortController().signal,
      onStdout: () => undefined,
      onStderr: () => undefined,
      ...change,
    };
  }

  /** Runs one request in both ways; what differs between two runs of one gate is left out. */
  async function runBoth(change: Partial<ShellRequest> = {}, environment: NodeJS.ProcessEnv = {}) {
    const observe = async (run: typeof runShell) => {
      const lines: string[] = [];
      const note = (line: string): void => void lines.push(line);
      const result = await run(createRequest({ ...change, onStdout: note, onStderr: note }, environment));
      return JSON.parse(
        JSON.stringify({ lines, result }).replaceAll(/(\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\d(\.\d+)?Z/g, "TIME"),
      ) as {
        lines: string[];
        result: ShellResult;
      };
    };
    return { kept: await observe(gates.run), own: await observe(runShell) };
  }

  const cases: [
    title: string,
    failure: string | null,
    shown: RegExp,
    faults: FaultName[],
    entries: NodeJS.ProcessEnv,
  ][] = [
    ["that passes", null, /"outcome":"pass"/, [], {}],
    ["that refuses", "exit status 3", /LAG: mongo-2 is 120\.0 s behind/, ["member-lagging"], {}],
    ["whose request is not valid", "exit status 2", /^GATE_REQUEST: /, [], { PHASE: "sometimes" }],
    ["without a request", "exit status 2", /^OPTION_MISSING: --to: /, [], { TO: undefined }],
  ];
  for (const [title, failure, shown, faults, entries] of cases)
    it(`a gate ${title} gives what its own process gives`, async () => {
      await site.changeFaults({ add: faults.map((name) => ({ name })), clear: [] });
      const { kept, own } = await runBoth({}, entries);
      assert.deepEqual(kept, own);
      assert.equal(kept.result.failure, failure);
      assert.match(kept.result.output, shown);
    });

  const others: [title: string, change: Partial<ShellRequest>, output: string][] = [
    ["another command", { command: "echo own" }, "own\n"],
    ["another interpreter", { interpreter: ["/bin/echo"] }, `${formatGateCommand("mongo-replica-set")}\n`],
    ["an input", { command: "cat", stdin: "given" }, "given"],
  ];
  for (const [title, change, output] of others)
    it(`negative twin: a Command with ${title} runs as it is`, async () => {
      const { kept, own } = await runBoth(change);
      assert.deepEqual(kept, own);
      assert.equal(kept.result.output, output);
    });

  it("negative twin: a gate's Command in another folder runs as it is", async () => {
    const { kept, own } = await runBoth({ cwd: temporaryFolder() });
    assert.deepEqual(kept, own);
    assert.match(kept.result.output, /Cannot find module/);
  });

  it("are killed together when the run is aborted, and the next run has them again", async () => {
    // A member that never catches up is asked until the deadline.
    await site.changeFaults({ add: [{ name: "member-lagging" }], clear: [] });
    const abort = new AbortController();
    const begun = createRequest({ signal: abort.signal, onStderr: () => abort.abort() });
    const failures = await Promise.all([gates.run(begun), gates.run(createRequest({ signal: abort.signal }))]);
    assert.deepEqual(
      failures.map(({ failure }) => failure),
      ["signal: killed", "signal: killed"],
    );
    assert.equal((await gates.run(begun)).failure, "signal: killed");
    await site.changeFaults({ add: [], clear: ["member-lagging"] });
    assert.equal((await gates.run(createRequest())).failure, null);
  });

  it("end with the process that keeps them", async () => {
    const program = `
      const { keepGates } = require(${JSON.stringify(join(projectDir, "dist/lib/cli/rehearse/kept-gates.js"))});
      const silent = { signal: new AbortController().signal, onStdout() {}, onStderr() {} };
      keepGates(${JSON.stringify(projectDir)}).run({ ...JSON.parse(process.env.REQUEST), ...silent }).then(({ failure }) => {
        process.stdout.write(String(failure), () => process.kill(process.pid, "SIGKILL"));
      });`;
    const child = spawn(process.execPath, ["-e", program], {
      env: { ...process.env, REQUEST: JSON.stringify(createRequest()) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    // The host has this output too: it closes when both are gone.
    const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
    assert.match(output, /^null$/);
    assert.equal(child.signalCode, "SIGKILL");
  });
});
