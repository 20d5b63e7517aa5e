// npm run mutation [-- JUDGE …]: mutates the judges of scripts/judges.mjs, one after the other, and tells what survived.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { judges } from "./judges.mjs";

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in judges));
if (unknown.length > 0) {
  process.stderr.write(`No such judge: ${unknown.join(", ")}. There are ${Object.keys(judges).join(", ")}.\n`);
  process.exit(2);
}

const lines = [];
let failed = false;
for (const name of asked.length > 0 ? asked : Object.keys(judges)) {
  const report = `coverage/mutation/${name}.json`;
  rmSync(report, { force: true });
  spawnSync("stryker", ["run"], { stdio: "inherit", env: { ...process.env, JUDGE: name } });
  failed ||= !existsSync(report);
  lines.push(`${name}: ${existsSync(report) ? scoreOf(JSON.parse(readFileSync(report, "utf8"))) : "did not run"}`);
}
process.stdout.write(`\n${lines.join("\n")}\n`);
process.exit(failed ? 1 : 0);

function scoreOf({ files }) {
  const all = Object.values(files).flatMap(({ mutants }) => mutants);
  const count = (...states) => all.filter(({ status }) => states.includes(status)).length;
  const noticed = count("Killed", "Timeout");
  const valid = noticed + count("Survived", "NoCoverage");
  const left = all.length - valid;
  return `${noticed} of ${valid} mutants noticed (${((100 * noticed) / valid).toFixed(1)} %), ${left} left out`;
}
