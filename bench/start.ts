/** Time of a whole process: `palette-upgrade plan` against `node -e 0`, turn by turn so that both meet the same load. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../lib/base/process/package-root.js";
import { median, milliseconds, timed } from "./timing.js";

const runs = 15;
const goal = 80;

/** False where `plan` takes more than the aim over bare Node. */
export function benchStart(say: (line: string) => void): boolean {
  const command = join(findPackageRoot(), "bin", "palette-upgrade");
  if (!existsSync(join(findPackageRoot(), "dist"))) throw new Error("dist is missing: npm run build");
  const run = (args: string[]): number =>
    timed(() => {
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      if (status !== 0) throw new Error(`${args.join(" ")} ended with ${String(status)}: ${stderr}`);
    });
  const plan = [command, "plan", "--from", "4.1.12", "--to", "4.7.20", "--matrix", "palette-kubernetes-4.7.20"];
  const turns = Array.from({ length: runs }, () => ({ bare: run(["-e", "0"]), full: run(plan) }));
  const bare = median(turns.map((turn) => turn.bare));
  const full = median(turns.map((turn) => turn.full));
  say("");
  say(`Process time, median of ${runs} runs in turn`);
  say(`${milliseconds(bare)}  node -e 0`);
  say(
    `${milliseconds(full)}  palette-upgrade plan (${(full / bare).toFixed(1)} x; ${(full - bare).toFixed(0)} ms more, aim: ${goal})`,
  );
  return full - bare <= goal;
}
