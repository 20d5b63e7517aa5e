// node scripts/side-by-side.mjs SCRIPT…: runs npm scripts side by side, as many as there are cores, and prints what each
// printed when it ends, with its time. Exit 1 where one failed; the others run to their end.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

function run(script) {
  return new Promise((resolve) => {
    const start = process.hrtime.bigint();
    const child = spawn("npm", ["run", "--silent", script], { stdio: ["ignore", "pipe", "pipe"] });
    const parts = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => parts.push(part));
    child.on("error", (error) => parts.push(Buffer.from(`npm cannot be run: ${error.message}\n`)));
    child.on("close", (code, signal) => {
      const seconds = Math.round(Number(process.hrtime.bigint() - start) / 1e9);
      const result = code === 0 ? "passed" : `FAILED (${signal ?? `exit ${code}`})`;
      process.stdout.write(`${script}: ${result} in ${seconds} s\n${Buffer.concat(parts)}`);
      resolve(code === 0);
    });
  });
}

async function runNext(waiting, results) {
  for (let script = waiting.shift(); script !== undefined; script = waiting.shift()) results.push(await run(script));
}

const scripts = process.argv.slice(2);
if (scripts.length === 0) {
  process.stderr.write("Usage: node scripts/side-by-side.mjs SCRIPT… (names of npm scripts)\n");
  process.exit(2);
}
const results = [];
const waiting = [...scripts];
await Promise.all(Array.from({ length: availableParallelism() }, () => runNext(waiting, results)));
process.exitCode = results.every(Boolean) ? 0 : 1;
