import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { findPackageRoot } from "../../../lib/base/process/package-root.js";

export interface RunningPlugin {
  /** `host:port` of its service. */
  address: string;
  pid: number;
  stop(): void;
}

/** No engine listens there. */
const noEngine = "127.0.0.1:1";

/** Starts a plugin from its source, as the engine starts it. @throws Error where it ends without a port. */
export async function startPlugin(source: "language-host" | "command-plugin"): Promise<RunningPlugin> {
  const script = `test/engine-tools/plugins/${source}.ts`;
  const child = spawn(process.execPath, ["--import", "tsx", script, noEngine], {
    cwd: findPackageRoot(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { address: `127.0.0.1:${await readPort(child)}`, pid: child.pid!, stop: () => void child.kill("SIGKILL") };
}

function readPort(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).once("line", resolve);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the plugin ended with ${code} before it named its port`)));
  });
}
