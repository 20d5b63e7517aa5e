/**
 * `npm run bench:load [-- full]`: gates on sites of many Helm secrets, gateways and pods, and on APIs that are slow or
 * never answer: wall time, memory and whether the deadline was kept. Exit code 1 where it was not. `full` is the size
 * of the table in the notes and takes minutes; without it a hundredth of that.
 */
import { type LoadedGate, runLoadedGate } from "./loaded-gate.js";

const share = process.argv.includes("full") ? 1 : 0.01;
const scale = (count: number): number => Math.max(1, Math.round(count * share));
/** Between a deadline and the report: what is under way is broken off, and the report written. */
const slackSeconds = 4;

interface LoadCase extends LoadedGate {
  title: string;
}

const secrets = scale(5000);
const tenants = scale(50);
const pods = scale(10_000);
const cases: LoadCase[] = [
  {
    title: `${secrets} Helm secrets`,
    gate: "helm-release",
    when: "after",
    load: { helmSecrets: secrets },
    deadlineSeconds: 120,
  },
  {
    title: `${tenants * 4} PCGs in ${tenants} tenants`,
    gate: "pcg-readiness",
    when: "before",
    load: { tenants },
    deadlineSeconds: 120,
  },
  { title: `${pods} pods`, gate: "rollout", when: "after", load: { pods }, deadlineSeconds: 120 },
  {
    title: "API that takes 1 s",
    gate: "helm-release",
    when: "after",
    load: { helmSecrets: scale(1000), delay: 1000 },
    deadlineSeconds: 120,
  },
  {
    title: "API too slow for the deadline",
    gate: "helm-release",
    when: "after",
    load: { helmSecrets: 500, delay: 1000 },
    deadlineSeconds: 5,
  },
  {
    title: "API that never answers: Kubernetes",
    gate: "rollout",
    when: "after",
    load: { silent: "everything" },
    deadlineSeconds: 5,
  },
  {
    title: "API that never answers: Palette",
    gate: "pcg-readiness",
    when: "before",
    load: { tenants: 1, silent: "palette" },
    deadlineSeconds: 5,
  },
];

async function runCase({ title, ...asked }: LoadCase): Promise<boolean> {
  const { gate, deadlineSeconds } = asked;
  const { outcome, code, seconds, memory, requests } = await runLoadedGate(asked);
  const kept = seconds <= deadlineSeconds + slackSeconds;
  const cells = [
    title.padEnd(36),
    `${seconds.toFixed(1)} s`.padStart(8),
    `${deadlineSeconds} s`.padStart(8),
    (kept ? "kept" : "MISSED").padEnd(6),
    `${memory.toFixed(0)} MiB`.padStart(9),
    String(requests).padStart(8),
    `${gate}: ${outcome} ${code}`,
  ];
  process.stdout.write(`${cells.join("  ")}\n`);
  return kept;
}

async function runAll(): Promise<void> {
  process.stdout.write(`${"".padEnd(36)}      took  deadline            memory  requests\n`);
  for (const each of cases) if (!(await runCase(each))) process.exitCode = 1;
}

void runAll();
