import { findTools } from "./find-tools.js";
import { type Tools } from "./tool-names.js";

/** What the suites start with; kept where each of them finds it. */
let found: Tools | null = null;
let reason: string | null = null;

/** Before the first suite: finds or builds the programs. Long the first time, so it says what it does. */
export function mochaGlobalSetup(): void {
  const answer = findTools(process.env, (line) => process.stdout.write(`  ${line}\n`));
  if (answer.ok) found = answer.tools;
  else reason = answer.why;
}

let isTold = false;

/** The programs; where there are none the calling suite is skipped, and the reason told once. */
export function toolsOrSkip(suite: Mocha.Context): Tools {
  if (found !== null) return found;
  if (!isTold) process.stdout.write(`      ${reason ?? "the cluster suite needs --config .mocharc.cluster.json"}\n`);
  isTold = true;
  return suite.skip();
}
