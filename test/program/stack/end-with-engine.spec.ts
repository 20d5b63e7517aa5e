import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";

const moduleFile = join(__dirname, "../../../lib/program/stack/end-with-engine.ts");

/** Fails again with each failure, as the SDK does when it cannot tell the engine. */
const program = `
  const { endWithEngine } = require(${JSON.stringify(moduleFile)});
  endWithEngine(process);
  process.on("unhandledRejection", () => { Promise.reject(new Error("again")); });
  console.log(process.pid);
  setInterval(() => undefined, 1000);
  process.on("SIGUSR2", () => { Promise.reject(new Error("first")); });
`;

/** An engine that starts the program, says its number and waits. */
const engine = `
  const child = require("node:child_process").spawn(process.execPath,
    ["-r", "tsx/cjs", "-e", process.argv[1]], { stdio: ["ignore", "inherit", "ignore"], detached: true });
  setInterval(() => undefined, 1000);
`;

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pid: number, seconds: number): Promise<boolean> {
  for (let look = 0; look < seconds * 10 && lives(pid); look++) await new Promise((later) => setTimeout(later, 100));
  return !lives(pid);
}

describe("a program whose engine is killed", function () {
  this.timeout(60_000);
  let pid = 0;
  let parent: ReturnType<typeof spawn>;

  beforeEach(async () => {
    parent = spawn(process.execPath, ["-e", engine, program], { stdio: ["ignore", "pipe", "ignore"] });
    const [line] = (await once(createInterface({ input: parent.stdout! }), "line")) as [string];
    pid = Number(line);
  });

  afterEach(() => {
    parent.kill("SIGKILL");
    if (lives(pid)) process.kill(pid, "SIGKILL");
  });

  it("ends by itself, even while each failure begets the next", async () => {
    parent.kill("SIGKILL");
    process.kill(pid, "SIGUSR2");
    assert.equal(await untilGone(pid, 20), true);
  });

  it("ends by itself where the engine was gone before it could be known: a loop of failures is no program's", async () => {
    process.kill(pid, "SIGUSR2");
    assert.equal(await untilGone(pid, 20), true);
  });

  it("lives on while the engine does", async () => {
    await new Promise((later) => setTimeout(later, 1500));
    assert.equal(lives(pid), true);
  });
});
