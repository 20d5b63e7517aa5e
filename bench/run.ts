/** `npm run bench`: graphs side by side with libraries, process time, a settled preview, Helm records, `npm start`. Exit code 1 where an aim is missed. */
import { benchShipped, benchSynthetic } from "./graphs.js";
import { benchPreview } from "./preview.js";
import { benchRecords } from "./records.js";
import { benchRehearsal } from "./rehearsal.js";
import { benchStart } from "./start.js";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function runAll(): Promise<void> {
  const met = [
    benchShipped(say),
    benchSynthetic(say),
    benchStart(say),
    await benchPreview(say),
    await benchRecords(say),
    benchRehearsal(say),
  ];
  say("");
  say(met.every(Boolean) ? "All aims are met." : "An aim is missed.");
  process.exitCode = met.every(Boolean) ? 0 : 1;
}

void runAll();
