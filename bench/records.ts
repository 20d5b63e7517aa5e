/** Time of a gate that reads thousands of Helm's records, each of some 13 KiB packed. */
import { runLoadedGate } from "./loaded-gate.js";
import { milliseconds } from "./timing.js";

const records = 5000;
const goal = { seconds: 4, memory: 600 };

/** False where the gate takes more than the aims. */
export async function benchRecords(say: (line: string) => void): Promise<boolean> {
  const { outcome, seconds, memory } = await runLoadedGate({
    gate: "helm-release",
    when: "after",
    load: { helmSecrets: records },
    deadlineSeconds: 120,
  });
  if (outcome !== "pass") throw new Error(`helm-release on ${records} records: ${outcome}`);
  say("");
  say(`Gate helm-release on ${records} Helm records`);
  say(`${milliseconds(seconds * 1000)}  (aim: ${goal.seconds} s), ${memory.toFixed(0)} MiB (aim: ${goal.memory})`);
  return seconds <= goal.seconds && memory <= goal.memory;
}
