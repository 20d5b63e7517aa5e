/** The MongoDB shell in surroundings like those of a member's container. For tests that run it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { WireMember } from "../fixtures/mongo/wire/member.js";
import { findMongosh, mongoshTimeoutMillis } from "./real-mongosh.js";
import { runWatched, type Watched } from "./watched-process.js";

const nobody = 65534;
export const shellLimitMillis = 60_000;
const names = {
  palette: { user: "MONGO_INITDB_ROOT_USERNAME", password: "MONGO_INITDB_ROOT_PASSWORD" },
  vertex: { user: "MONGODB_INITDB_ROOT_USERNAME", password: "MONGODB_INITDB_ROOT_PASSWORD" },
};
export type Edition = keyof typeof names;

export interface ShellContainer {
  /** Runs what would be the command of an exec: not as root, without a home, with the container's environment, stdin open. */
  run(
    command: readonly string[],
    options: { member: WireMember; user: string; password: string; edition?: Edition; tls?: string },
  ): Promise<Watched>;
  /** Names of what lies in the container's temporary folder. */
  leftBehind(): string[];
}

/** For the body of a `describe`: finds the shell before its tests, and skips them, saying why, where there is none. */
export function useShellContainer(): ShellContainer {
  let shell = "";
  let work = "";
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
  return {
    leftBehind: () => readdirSync(path.join(work, "tmp")),
    run: (command, { member: { host, port }, user, password, edition = "palette", tls = "/none" }) => {
      const placed = command.map((part) => part.replaceAll("/var/mongodb/tls", tls).replace('":27017"', `":${port}"`));
      const environment = {
        PATH: `${shell}:${path.dirname(process.execPath)}:/usr/bin:/bin`,
        HOME: "/",
        TMPDIR: path.join(work, "tmp"),
        HOSTNAME: host,
        // Coverage would be written by a user who may not.
        NODE_V8_COVERAGE: "",
        [names[edition].user]: user,
        [names[edition].password]: password,
      };
      const identity = process.getuid?.() === 0 ? { user: nobody } : {};
      return runWatched(placed, { environment, folder: "/", ...identity });
    },
  };
}

/** Neither printed, nor on a command line, nor in an environment entry but the container's own. */
export function assertNoSecret(run: Watched, secret: string): void {
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
  const own = new Set(Object.values(names).map(({ password }) => `${password}=${secret}`));
  for (const form of forms) {
    const holds = (text: string): boolean => text.includes(form);
    assert.ok(!holds(run.stdout) && !holds(run.stderr), "in what it printed");
    assert.deepEqual([...run.commandLines].filter(holds), [], "on a command line");
    assert.deepEqual(
      [...run.environment].filter((entry) => holds(entry) && !own.has(entry)),
      [],
      "in a new entry",
    );
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
