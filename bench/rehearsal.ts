/** CPU of `npm start`: the rehearsal of the whole route, with its programs, each a process, and the one that runs its gates. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPackageRoot } from "../lib/base/process/package-root.js";

const goalSeconds = 40;

/** False where the rehearsal takes more CPU than the aim. */
export function benchRehearsal(say: (line: string) => void): boolean {
  const folder = mkdtempSync(join(tmpdir(), "palette-bench-"));
  const usageFile = join(folder, "usage");
  try {
    const env = {
      ...process.env,
      BENCH_USAGE: usageFile,
      NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "usage.cjs"))}`,
    };
    const command = [join(findPackageRoot(), "bin", "palette-upgrade"), "rehearse", "--dir", join(folder, "r")];
    const { status, stderr } = spawnSync(process.execPath, command, { encoding: "utf8", env });
    if (status !== 0) throw new Error(`rehearse ended with ${String(status)}: ${stderr}`);
    const used = readFileSync(usageFile, "utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { cpu: number }).cpu / 1000);
    const sum = used.reduce((all, one) => all + one, 0);
    say("");
    say("npm start: the rehearsal from 4.1.12 to 4.7.20");
    say(`${sum.toFixed(1).padStart(10)} s   CPU of its ${used.length} processes (aim: ${goalSeconds} s)`);
    return sum <= goalSeconds;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
