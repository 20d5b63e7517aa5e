/**
 * `npm run bench:probe [-- PROBE… --seed N --kills N]`: looks for harm with seeded, bounded chance: changed MongoDB answers,
 * forged promotions, changed journals, hostile charts, kills. Exit code 1 where a count is not what it must be.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { probeArchives } from "./archives.js";
import { probeDocuments } from "./documents.js";
import { probeForgeries } from "./forgeries.js";
import { probeJournal } from "./journal.js";
import { probeKills } from "./kills.js";
import { formatResult, type ProbeResult } from "./result.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string", default: "20261129" }, kills: { type: "string", default: "40" } },
});
const seed = readCount("seed", values.seed);
const kills = readCount("kills", values.kills);

const probes: Record<string, () => Promise<ProbeResult>> = {
  documents: () => probeDocuments(4000, seed, findShared()),
  forgeries: () => probeForgeries(2400, seed),
  journal: () => probeJournal(6000, seed),
  archives: () => probeArchives(400, seed, true),
  kills: () => probeKills(kills, seed, (line) => void process.stderr.write(`${line}\n`)),
};

function readCount(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${option} is ${JSON.stringify(text)}, expected a whole number`);
}

function findShared(): string | null {
  const folder = process.env["PALETTE_SHARED"] ?? join(findPackageRoot(), "../shared");
  return existsSync(folder) ? folder : null;
}

async function runAll(): Promise<void> {
  const unknown = positionals.find((name) => !(name in probes));
  if (unknown !== undefined)
    throw new Error(`no probe is called ${unknown}, expected ${Object.keys(probes).join(", ")}`);
  for (const name of positionals.length === 0 ? Object.keys(probes) : positionals) {
    const result = await probes[name]!();
    process.stdout.write(`${formatResult(result)}\n`);
    if (!result.measures.every(({ holds }) => holds)) process.exitCode = 1;
  }
}

void runAll();
